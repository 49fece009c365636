using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sepal.Kernels.Simd;

/// <summary>128-bit vectors: SSE and Arm64 AdvSimd. Multiply-adds are fused only where the machine fuses them.</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    public static int Width => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, float* destination) => Vector128.Store(value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadPartial(float* source, int count)
    {
        if (Avx.IsSupported)
        {
            return Avx.MaskLoad(source, FirstElements(count));
        }

        return count switch
        {
            <= 0 => Vector128<float>.Zero,
            1 => Vector128.Create(source[0], 0, 0, 0),
            2 => Vector128.Create(source[0], source[1], 0, 0),
            3 => Vector128.Create(source[0], source[1], source[2], 0),
            _ => Vector128.Load(source),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Vector128<float> value, float* destination, int count)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(destination, FirstElements(count), value);
            return;
        }

        for (int i = 0; i < Math.Min(count, 4); i++)
        {
            destination[i] = value.GetElement(i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(Vector128<float> first, Vector128<float> second, Vector128<float> third, float* destination)
    {
        // Each result has every third element of each vector; the masks are constant, so that the shuffles are single instructions.
        Vector128<int> mask0 = Vector128.Create(-1, 0, 0, -1);
        Vector128<int> mask1 = Vector128.Create(0, -1, 0, 0);
        Store(
            Pick(mask0, mask1, Vector128.Shuffle(first, Vector128.Create(0, 0, 0, 1)), Vector128.Shuffle(second, Vector128.Create(0, 0, 0, 0)), Vector128.Shuffle(third, Vector128.Create(0, 0, 0, 0))),
            destination);
        Store(
            Pick(mask0, mask1, Vector128.Shuffle(second, Vector128.Create(1, 0, 0, 2)), Vector128.Shuffle(third, Vector128.Create(0, 1, 0, 0)), Vector128.Shuffle(first, Vector128.Create(0, 0, 2, 0))),
            destination + 4);
        Store(
            Pick(mask0, mask1, Vector128.Shuffle(third, Vector128.Create(2, 0, 0, 3)), Vector128.Shuffle(first, Vector128.Create(0, 3, 0, 0)), Vector128.Shuffle(second, Vector128.Create(0, 0, 3, 0))),
            destination + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(Vector128<float> first, Vector128<float> second, float* destination)
    {
        if (Sse.IsSupported)
        {
            Store(Sse.UnpackLow(first, second), destination);
            Store(Sse.UnpackHigh(first, second), destination + 4);
        }
        else if (AdvSimd.Arm64.IsSupported)
        {
            Store(AdvSimd.Arm64.ZipLow(first, second), destination);
            Store(AdvSimd.Arm64.ZipHigh(first, second), destination + 4);
        }
        else
        {
            Store(Vector128.Create(first[0], second[0], first[1], second[1]), destination);
            Store(Vector128.Create(first[2], second[2], first[3], second[3]), destination + 4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> left, Vector128<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> left, Vector128<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> left, Vector128<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> left, Vector128<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> left, Vector128<float> right) => Vector128.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Min(Vector128<float> left, Vector128<float> right) => Vector128.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Clamp(Vector128<float> value, Vector128<float> low, Vector128<float> high) =>
        // Of a NaN and a number, x86 gives the second operand, which therefore is the value.
        Vector128.MinNative(high, Vector128.MaxNative(low, value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> addend) =>
        Vector128.MultiplyAddEstimate(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ScaleByPower(Vector128<float> value, Vector128<float> power) =>
        value * Vector128.ShiftLeft(Vector128.ConvertToInt32(power) + Vector128.Create(127), 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SquareRoot(Vector128<float> value) => Vector128.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Abs(Vector128<float> value) => Vector128.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp(Vector128<float> value) => Vector128.Exp(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Log(Vector128<float> value) => Vector128.Log(value);

    public static Vector128<float> Power(Vector128<float> value, Vector128<float> exponent) => Vector128.Create(
        MathF.Pow(value[0], exponent[0]), MathF.Pow(value[1], exponent[1]), MathF.Pow(value[2], exponent[2]), MathF.Pow(value[3], exponent[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Floor(Vector128<float> value) => Vector128.Floor(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Ceiling(Vector128<float> value) => Vector128.Ceiling(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Round(Vector128<float> value) => Vector128.Round(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectGreater(
        Vector128<float> left, Vector128<float> right, Vector128<float> whenTrue, Vector128<float> whenFalse) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(left, right), whenTrue, whenFalse);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectEqual(
        Vector128<float> left, Vector128<float> right, Vector128<float> whenTrue, Vector128<float> whenFalse) =>
        Vector128.ConditionalSelect(Vector128.Equals(left, right), whenTrue, whenFalse);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Permute(Vector128<float> values, Vector128<float> indices) =>
        Vector128.Shuffle(values, indices.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Permute(Vector128<float> low, Vector128<float> high, Vector128<float> indices) =>
        // An index that is out of range gives zero.
        Vector128.Shuffle(low, indices.AsInt32())
            | Vector128.Shuffle(high, indices.AsInt32() - Vector128.Create(4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128<float> value) => Vector128.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Pick(
        Vector128<int> outer, Vector128<int> second, Vector128<float> whereOuter, Vector128<float> whereSecond, Vector128<float> elsewhere) =>
        Vector128.ConditionalSelect(outer.AsSingle(), whereOuter, Vector128.ConditionalSelect(second.AsSingle(), whereSecond, elsewhere));

    /// <summary>All bits set in the first <paramref name="count"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> FirstElements(int count) =>
        Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle();
}
