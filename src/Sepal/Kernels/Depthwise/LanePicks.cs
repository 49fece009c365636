using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>How the lanes of a vector get what they read under one tap.</summary>
internal unsafe interface ILanePick<TVector>
    where TVector : struct
{
    /// <param name="source">What the first lane reads.</param>
    /// <param name="indices">For each lane, what it reads from there.</param>
    /// <param name="upperIndices">The same, from two vectors further on.</param>
    static abstract TVector Load(float* source, TVector indices, TVector upperIndices);
}

/// <summary>How the lanes of a vector get the inputs of their groups from one or two vectors that hold them all.</summary>
internal unsafe interface IGroupPick<TVector>
    where TVector : struct
{
    /// <summary>The second vector, if there is one.</summary>
    static abstract TVector LoadUpper(float* source);

    static abstract TVector Pick(TVector lower, TVector upper, TVector indices);
}

/// <summary>The ways to pick.</summary>
internal static unsafe class LanePicks<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Lanes that read neighbouring floats.</summary>
    public readonly struct Neighbours : ILanePick<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Load(float* source, TVector indices, TVector upperIndices) => TSimd.Load(source);
    }

    /// <summary>Lanes that read within one vector.</summary>
    public readonly struct WithinOne : ILanePick<TVector>, IGroupPick<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Load(float* source, TVector indices, TVector upperIndices) =>
            TSimd.Permute(TSimd.Load(source), indices);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector LoadUpper(float* source) => default;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Pick(TVector lower, TVector upper, TVector indices) => TSimd.Permute(lower, indices);
    }

    /// <summary>Lanes that read within two vectors.</summary>
    public readonly struct WithinTwo : ILanePick<TVector>, IGroupPick<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Load(float* source, TVector indices, TVector upperIndices) =>
            TSimd.Permute(TSimd.Load(source), TSimd.Load(source + TSimd.Width), indices);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector LoadUpper(float* source) => TSimd.Load(source + TSimd.Width);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Pick(TVector lower, TVector upper, TVector indices) => TSimd.Permute(lower, upper, indices);
    }

    /// <summary>Lanes that read within four vectors.</summary>
    public readonly struct WithinFour : ILanePick<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Load(float* source, TVector indices, TVector upperIndices) =>
            // As floats, small whole numbers are in the same order.
            TSimd.SelectGreater(
                indices, TSimd.Broadcast(BitConverter.Int32BitsToSingle((2 * TSimd.Width) - 1)),
                WithinTwo.Load(source + (2 * TSimd.Width), upperIndices, default), WithinTwo.Load(source, indices, default));
    }
}
