using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Reductions;

/// <summary>
/// Reduces floats. Every result is computed by one call in a fixed order, however the results are divided among calls: four
/// totals take turns, since one would wait for itself, and are put together at the end.
/// </summary>
internal abstract unsafe class ReductionKernel(ReductionLayout layout)
{
    protected ReductionLayout Layout { get; } = layout;

    public static ReductionKernel Of<TFunction>(ReductionLayout layout)
        where TFunction : struct, IReductionFunction =>
        SimdLevel.Create<Factory<TFunction>, ReductionKernel>(
            new Factory<TFunction>(layout), SimdWidths.ForChannels((int)Math.Min(layout.InnerLength, int.MaxValue)));

    /// <summary>Computes some results.</summary>
    /// <param name="input">The whole input.</param>
    /// <param name="shifts">A number for each result, or null.</param>
    /// <param name="output">The whole output.</param>
    /// <param name="from">The first kept element outside the innermost group.</param>
    /// <param name="to">Just after the last one.</param>
    /// <param name="fromColumn">The first column of each; of no meaning for rows.</param>
    /// <param name="toColumn">Just after the last one.</param>
    public abstract void Run(float* input, float* shifts, float* output, long from, long to, long fromColumn, long toColumn);

    private readonly struct Factory<TFunction>(ReductionLayout layout) : ISimdFactory<ReductionKernel>
        where TFunction : struct, IReductionFunction
    {
        public ReductionKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct =>
            layout.IsRows ? new Rows<TSimd, TVector, TFunction>(layout) : new Columns<TSimd, TVector, TFunction>(layout);
    }

    private sealed class Rows<TSimd, TVector, TFunction>(ReductionLayout layout) : ReductionKernel(layout)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TFunction : struct, IReductionFunction
    {
        public override void Run(float* input, float* shifts, float* output, long from, long to, long fromColumn, long toColumn)
        {
            float count = Layout.ReducedLength;
            for (long index = from; index < to; index++)
            {
                float* start = input + Layout.KeptOffset(index);
                float shift = shifts == null ? 0 : shifts[index];
                float total = TFunction.Start;
                for (long repeat = 0; repeat < Layout.Repeats; repeat++)
                {
                    float part = Reduce(start + Layout.ReducedOffset(repeat), Layout.InnerLength, shift);
                    total = TFunction.Combine<SimdScalar, float>(total, part);
                }

                output[index] = TFunction.Finish<SimdScalar, float>(total, count, shift);
            }
        }

        private static float Reduce(float* row, long length, float shift)
        {
            TVector shifts = TSimd.Broadcast(shift);
            TVector first = TSimd.Broadcast(TFunction.Start);
            TVector second = first;
            TVector third = first;
            TVector fourth = first;
            long index = 0;
            for (; index <= length - (4 * TSimd.Width); index += 4 * TSimd.Width)
            {
                float* next = row + index;
                first = TFunction.Accumulate<TSimd, TVector>(first, TSimd.Load(next), shifts);
                second = TFunction.Accumulate<TSimd, TVector>(second, TSimd.Load(next + TSimd.Width), shifts);
                third = TFunction.Accumulate<TSimd, TVector>(third, TSimd.Load(next + (2 * TSimd.Width)), shifts);
                fourth = TFunction.Accumulate<TSimd, TVector>(fourth, TSimd.Load(next + (3 * TSimd.Width)), shifts);
            }

            for (; index <= length - TSimd.Width; index += TSimd.Width)
            {
                first = TFunction.Accumulate<TSimd, TVector>(first, TSimd.Load(row + index), shifts);
            }

            first = TFunction.Combine<TSimd, TVector>(
                TFunction.Combine<TSimd, TVector>(first, second), TFunction.Combine<TSimd, TVector>(third, fourth));
            float* totals = stackalloc float[TSimd.Width];
            TSimd.Store(first, totals);
            float total = totals[0];
            for (int element = 1; element < TSimd.Width; element++)
            {
                total = TFunction.Combine<SimdScalar, float>(total, totals[element]);
            }

            for (; index < length; index++)
            {
                total = TFunction.Accumulate<SimdScalar, float>(total, row[index], shift);
            }

            return total;
        }
    }

    private sealed class Columns<TSimd, TVector, TFunction>(ReductionLayout layout) : ReductionKernel(layout)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TFunction : struct, IReductionFunction
    {
        public override void Run(float* input, float* shifts, float* output, long from, long to, long fromColumn, long toColumn)
        {
            TVector count = TSimd.Broadcast(Layout.ReducedLength);
            for (long index = from; index < to; index++)
            {
                float* start = input + Layout.KeptOffset(index);
                float* results = output + (index * Layout.InnerLength);
                for (long column = fromColumn; column < toColumn; column += TSimd.Width)
                {
                    int lanes = (int)Math.Min(TSimd.Width, toColumn - column);
                    TVector shift = shifts == null
                        ? TSimd.Broadcast(0)
                        : TSimd.LoadPartial(shifts + (index * Layout.InnerLength) + column, lanes);
                    TVector total = Reduce(start + column, lanes, shift);
                    TSimd.StorePartial(TFunction.Finish<TSimd, TVector>(total, count, shift), results + column, lanes);
                }
            }
        }

        private TVector Reduce(float* column, int lanes, TVector shift)
        {
            TVector first = TSimd.Broadcast(TFunction.Start);
            TVector second = first;
            TVector third = first;
            TVector fourth = first;
            long length = Layout.RunLength;
            long stride = Layout.RunStride;
            for (long repeat = 0; repeat < Layout.Repeats; repeat += length)
            {
                float* next = column + Layout.ReducedOffset(repeat);
                long index = 0;
                for (; index <= length - 4; index += 4, next += 4 * stride)
                {
                    first = TFunction.Accumulate<TSimd, TVector>(first, TSimd.LoadPartial(next, lanes), shift);
                    second = TFunction.Accumulate<TSimd, TVector>(second, TSimd.LoadPartial(next + stride, lanes), shift);
                    third = TFunction.Accumulate<TSimd, TVector>(third, TSimd.LoadPartial(next + (2 * stride), lanes), shift);
                    fourth = TFunction.Accumulate<TSimd, TVector>(fourth, TSimd.LoadPartial(next + (3 * stride), lanes), shift);
                }

                for (; index < length; index++, next += stride)
                {
                    first = TFunction.Accumulate<TSimd, TVector>(first, TSimd.LoadPartial(next, lanes), shift);
                }
            }

            return TFunction.Combine<TSimd, TVector>(
                TFunction.Combine<TSimd, TVector>(first, second), TFunction.Combine<TSimd, TVector>(third, fourth));
        }
    }
}
