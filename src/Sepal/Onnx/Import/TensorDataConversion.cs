using System.Diagnostics;
using Sepal.Graphs;

namespace Sepal.Onnx.Import;

/// <summary>Converts tensors from the types of files to those in which graphs store them.</summary>
internal static class TensorDataConversion
{
    /// <summary>Converts to a storage type, see <see cref="StorageTypes"/>.</summary>
    /// <param name="data">A tensor of any type.</param>
    /// <param name="stored">Its storage type.</param>
    public static TensorData To(TensorData data, ElementType stored) => data.ElementType switch
    {
        var same when same == stored => data,
        ElementType.Float64 => Convert<double, float>(data, stored, number => (float)number),
        ElementType.Float16 => Convert<Half, float>(data, stored, number => (float)number),
        ElementType.BFloat16 => Convert<ushort, float>(data, stored, bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
        ElementType.Int16 => Convert<short, long>(data, stored, number => number),
        ElementType.UInt16 => Convert<ushort, long>(data, stored, number => number),
        ElementType.UInt32 => Convert<uint, long>(data, stored, number => number),
        ElementType.UInt64 => Convert<ulong, long>(data, stored, number => unchecked((long)number)),
        _ => throw new UnreachableException($"{data.ElementType} is stored as it is."),
    };

    private static TensorData Convert<TFrom, TTo>(TensorData data, ElementType stored, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        ReadOnlySpan<TFrom> source = data.Elements<TFrom>();
        var converted = new TTo[source.Length];
        for (int index = 0; index < converted.Length; index++)
        {
            converted[index] = convert(source[index]);
        }

        return TensorData.Of<TTo>(data.Shape, stored, converted);
    }
}
