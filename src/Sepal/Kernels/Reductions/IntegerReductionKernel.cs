using System.Numerics;
using Sepal.Graphs;

namespace Sepal.Kernels.Reductions;

/// <summary>A way to make one integer of many, in 64 bits.</summary>
internal interface IIntegerReduction
{
    /// <summary>The result for no elements.</summary>
    static abstract long Empty { get; }

    static abstract long First(long value);

    static abstract long Accumulate(long total, long value);

    static abstract long Finish(long total, long count);
}

/// <summary>Reduces integers, and Booleans as 0 and 1. Results wrap to the elements' type.</summary>
internal abstract unsafe class IntegerReductionKernel(ReductionLayout layout)
{
    protected ReductionLayout Layout { get; } = layout;

    public static IntegerReductionKernel Of<TFunction>(ElementType type, ReductionLayout layout)
        where TFunction : struct, IIntegerReduction =>
        ElementDispatch.Create<Factory<TFunction>, IntegerReductionKernel>(type, new Factory<TFunction>(layout));

    /// <summary>Computes some results.</summary>
    public abstract void Run(void* input, void* output, long from, long to);

    private readonly struct Factory<TFunction>(ReductionLayout layout) : IElementFactory<IntegerReductionKernel>
        where TFunction : struct, IIntegerReduction
    {
        public IntegerReductionKernel Create<T>()
            where T : unmanaged, INumber<T> => new Typed<T, TFunction>(layout);
    }

    private sealed class Typed<T, TFunction>(ReductionLayout layout) : IntegerReductionKernel(layout)
        where T : unmanaged, INumber<T>
        where TFunction : struct, IIntegerReduction
    {
        public override void Run(void* input, void* output, long from, long to)
        {
            long columns = Layout.IsRows ? 1 : Layout.InnerLength;
            long rowLength = Layout.IsRows ? Layout.InnerLength : 1;
            for (long index = from; index < to; index++)
            {
                (long outer, long column) = Math.DivRem(index, columns);
                T* start = (T*)input + Layout.KeptOffset(outer) + column;
                ((T*)output)[index] = Layout.ReducedLength == 0
                    ? T.CreateTruncating(TFunction.Empty)
                    : T.CreateTruncating(TFunction.Finish(Reduce(start, rowLength), Layout.ReducedLength));
            }
        }

        private long Reduce(T* start, long rowLength)
        {
            long total = 0;
            for (long repeat = 0; repeat < Layout.Repeats; repeat++)
            {
                T* row = start + Layout.ReducedOffset(repeat);
                for (long element = 0; element < rowLength; element++)
                {
                    long value = long.CreateTruncating(row[element]);
                    total = repeat == 0 && element == 0 ? TFunction.First(value) : TFunction.Accumulate(total, value);
                }
            }

            return total;
        }
    }
}

/// <summary>The mean, towards zero.</summary>
internal readonly struct IntegerMean : IIntegerReduction
{
    public static long Empty => 0;

    public static long First(long value) => value;

    public static long Accumulate(long total, long value) => total + value;

    public static long Finish(long total, long count) => total / count;
}

/// <summary>The sum.</summary>
internal readonly struct IntegerSum : IIntegerReduction
{
    public static long Empty => 0;

    public static long First(long value) => value;

    public static long Accumulate(long total, long value) => total + value;

    public static long Finish(long total, long count) => total;
}

/// <summary>The largest.</summary>
internal readonly struct IntegerMaximum : IIntegerReduction
{
    public static long Empty => 0;

    public static long First(long value) => value;

    public static long Accumulate(long total, long value) => Math.Max(total, value);

    public static long Finish(long total, long count) => total;
}

/// <summary>The smallest.</summary>
internal readonly struct IntegerMinimum : IIntegerReduction
{
    public static long Empty => 0;

    public static long First(long value) => value;

    public static long Accumulate(long total, long value) => Math.Min(total, value);

    public static long Finish(long total, long count) => total;
}

/// <summary>The product.</summary>
internal readonly struct IntegerProduct : IIntegerReduction
{
    public static long Empty => 1;

    public static long First(long value) => value;

    public static long Accumulate(long total, long value) => total * value;

    public static long Finish(long total, long count) => total;
}

/// <summary>The sum of absolute values.</summary>
internal readonly struct IntegerAbsoluteSum : IIntegerReduction
{
    public static long Empty => 0;

    public static long First(long value) => value < 0 ? -value : value;

    public static long Accumulate(long total, long value) => total + First(value);

    public static long Finish(long total, long count) => total;
}

/// <summary>The sum of squares.</summary>
internal readonly struct IntegerSquareSum : IIntegerReduction
{
    public static long Empty => 0;

    public static long First(long value) => value * value;

    public static long Accumulate(long total, long value) => total + (value * value);

    public static long Finish(long total, long count) => total;
}
