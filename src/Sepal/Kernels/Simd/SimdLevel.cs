using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sepal.Kernels.Simd;

/// <summary>Makes an object that is generic over a vector width, for whichever width it is given.</summary>
internal interface ISimdFactory<TResult>
{
    TResult Create<TSimd, TVector>()
        where TSimd : ISimd<TVector>
        where TVector : struct;
}

/// <summary>
/// The one place where a vector width is chosen. The tests are JIT constants, and the choice is made when a
/// kernel object is built, so that no kernel branches on the instruction set.
/// </summary>
internal static class SimdLevel
{
    /// <summary>Whether kernels may hold 32 vectors in registers, or 16.</summary>
    public static bool HasThirtyTwoRegisters => Vector512.IsHardwareAccelerated || AdvSimd.Arm64.IsSupported;

    /// <summary>Floats of the widest vector that kernels use on this machine.</summary>
    public static int Width => Create<WidthFactory, int>(default);

    /// <summary>Creates with the widest vectors that hold at most <paramref name="widest"/> floats.</summary>
    public static TResult Create<TFactory, TResult>(in TFactory factory, int widest = int.MaxValue)
        where TFactory : struct, ISimdFactory<TResult>
    {
        if (Vector512.IsHardwareAccelerated && widest >= Simd512.Width)
        {
            return factory.Create<Simd512, Vector512<float>>();
        }

        if (Vector256.IsHardwareAccelerated && Fma.IsSupported && widest >= Simd256.Width)
        {
            return factory.Create<Simd256, Vector256<float>>();
        }

        if (Vector128.IsHardwareAccelerated && widest >= Simd128.Width)
        {
            return factory.Create<Simd128, Vector128<float>>();
        }

        return factory.Create<SimdScalar, float>();
    }

    private readonly struct WidthFactory : ISimdFactory<int>
    {
        public int Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => TSimd.Width;
    }
}
