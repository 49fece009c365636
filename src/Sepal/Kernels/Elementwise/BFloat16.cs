namespace Sepal.Kernels.Elementwise;

/// <summary>The upper 16 bits of a 32-bit floating-point number.</summary>
internal static class BFloat16
{
    public static float ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>The nearest; of two that are as near, the one whose last bit is 0. A NaN stays one.</summary>
    public static ushort FromSingle(float number)
    {
        uint bits = BitConverter.SingleToUInt32Bits(number);
        return float.IsNaN(number)
            ? (ushort)((bits >> 16) | 0x40)
            : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
