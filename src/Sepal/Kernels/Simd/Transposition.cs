using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sepal.Kernels.Simd;

/// <summary>Transposes four rows of four floats.</summary>
internal static unsafe class Transposition
{
    public const int Size = 4;

    /// <param name="source">Four rows.</param>
    /// <param name="sourceStep">Floats from one row of the source to the next.</param>
    /// <param name="destination">Four rows: the source's columns.</param>
    /// <param name="destinationStep">Floats from one row of the destination to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourByFour(float* source, nint sourceStep, float* destination, nint destinationStep)
    {
        Vector128<float> a = Vector128.Load(source);
        Vector128<float> b = Vector128.Load(source + sourceStep);
        Vector128<float> c = Vector128.Load(source + (2 * sourceStep));
        Vector128<float> d = Vector128.Load(source + (3 * sourceStep));
        Vector128<float> ac = InterleaveLow(a, c);
        Vector128<float> bd = InterleaveLow(b, d);
        Vector128.Store(InterleaveLow(ac, bd), destination);
        Vector128.Store(InterleaveHigh(ac, bd), destination + destinationStep);
        ac = InterleaveHigh(a, c);
        bd = InterleaveHigh(b, d);
        Vector128.Store(InterleaveLow(ac, bd), destination + (2 * destinationStep));
        Vector128.Store(InterleaveHigh(ac, bd), destination + (3 * destinationStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveLow(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackLow(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left, right)
        : Vector128.Create(left.GetElement(0), right.GetElement(0), left.GetElement(1), right.GetElement(1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveHigh(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackHigh(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left, right)
        : Vector128.Create(left.GetElement(2), right.GetElement(2), left.GetElement(3), right.GetElement(3));
}
