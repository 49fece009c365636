using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// Sums over pixels of source times gradient for nine taps at once, one vector of channels wide: 10 loads
/// for 9 multiply-adds, which is near the ratio that a core sustains, for any stride and dilation.
/// </summary>
internal static unsafe class DepthwiseNineTaps<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    public const int Taps = 9;

    /// <summary>Vectors of sums: one for each tap, and the sum of the gradient itself.</summary>
    public const int Sums = Taps + 1;

    /// <summary>Adds the pixels of a strip to the sums.</summary>
    /// <param name="source">Under the first tap of the strip's first pixel.</param>
    /// <param name="tapOffsets">From there to each of the nine taps.</param>
    /// <param name="rows">How the source's rows and columns follow.</param>
    /// <param name="gradient">The strip's first pixel, with all pixels evenly after it.</param>
    /// <param name="gradientStep">Floats from one pixel of the gradient to the next.</param>
    /// <param name="sums">Added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(
        float* source, nint* tapOffsets, in DepthwisePixels rows, float* gradient, nint gradientStep, float* sums)
    {
        float* source0 = source + tapOffsets[0];
        float* source1 = source + tapOffsets[1];
        float* source2 = source + tapOffsets[2];
        float* source3 = source + tapOffsets[3];
        float* source4 = source + tapOffsets[4];
        float* source5 = source + tapOffsets[5];
        float* source6 = source + tapOffsets[6];
        float* source7 = source + tapOffsets[7];
        float* source8 = source + tapOffsets[8];
        TVector sum0 = TSimd.Load(sums);
        TVector sum1 = TSimd.Load(sums + TSimd.Width);
        TVector sum2 = TSimd.Load(sums + (2 * TSimd.Width));
        TVector sum3 = TSimd.Load(sums + (3 * TSimd.Width));
        TVector sum4 = TSimd.Load(sums + (4 * TSimd.Width));
        TVector sum5 = TSimd.Load(sums + (5 * TSimd.Width));
        TVector sum6 = TSimd.Load(sums + (6 * TSimd.Width));
        TVector sum7 = TSimd.Load(sums + (7 * TSimd.Width));
        TVector sum8 = TSimd.Load(sums + (8 * TSimd.Width));
        TVector sum9 = TSimd.Load(sums + (9 * TSimd.Width));
        nint step = rows.ColumnStep;
        nint firstOffset = 0;
        for (int row = 0; row < rows.Rows; row++, firstOffset += rows.RowStep)
        {
            nint i = firstOffset;
            for (int column = rows.Columns; column > 0; column--)
            {
                TVector value = TSimd.Load(gradient);
                sum0 = TSimd.MultiplyAdd(value, TSimd.Load(source0 + i), sum0);
                sum1 = TSimd.MultiplyAdd(value, TSimd.Load(source1 + i), sum1);
                sum2 = TSimd.MultiplyAdd(value, TSimd.Load(source2 + i), sum2);
                sum3 = TSimd.MultiplyAdd(value, TSimd.Load(source3 + i), sum3);
                sum4 = TSimd.MultiplyAdd(value, TSimd.Load(source4 + i), sum4);
                sum5 = TSimd.MultiplyAdd(value, TSimd.Load(source5 + i), sum5);
                sum6 = TSimd.MultiplyAdd(value, TSimd.Load(source6 + i), sum6);
                sum7 = TSimd.MultiplyAdd(value, TSimd.Load(source7 + i), sum7);
                sum8 = TSimd.MultiplyAdd(value, TSimd.Load(source8 + i), sum8);
                sum9 = TSimd.Add(sum9, value);
                gradient += gradientStep;
                i += step;
            }
        }

        TSimd.Store(sum0, sums);
        TSimd.Store(sum1, sums + TSimd.Width);
        TSimd.Store(sum2, sums + (2 * TSimd.Width));
        TSimd.Store(sum3, sums + (3 * TSimd.Width));
        TSimd.Store(sum4, sums + (4 * TSimd.Width));
        TSimd.Store(sum5, sums + (5 * TSimd.Width));
        TSimd.Store(sum6, sums + (6 * TSimd.Width));
        TSimd.Store(sum7, sums + (7 * TSimd.Width));
        TSimd.Store(sum8, sums + (8 * TSimd.Width));
        TSimd.Store(sum9, sums + (9 * TSimd.Width));
    }
}
