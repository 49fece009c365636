using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>Start, end and step along one axis, and what they come to for a length.</summary>
internal readonly record struct SliceRange(Dimension Start, Dimension End, long Step)
{
    /// <summary>How many elements are taken.</summary>
    public Dimension Length(Dimension length)
    {
        if (length.IsKnown && Start.IsKnown && End.IsKnown)
        {
            (long first, long last) = Clamp(length.Value, Start.Value, End.Value);
            return Math.Max(0, DivideUp(last - first, Step));
        }

        Dimension from = Place(Start, length);
        Dimension to = Place(End, length);
        Dimension size = Step > 0 ? Dimension.CeilingDivide(to - from, Step) : Dimension.CeilingDivide(from - to, -Step);
        return size is { IsKnown: true, Value: < 0 } ? 0 : size;
    }

    /// <summary>The first position for concrete numbers.</summary>
    public long First(long length, Func<Dimension, long> evaluate) => Clamp(length, evaluate(Start), evaluate(End)).First;

    /// <summary>How many elements are taken for concrete numbers.</summary>
    public long Length(long length, Func<Dimension, long> evaluate)
    {
        (long first, long last) = Clamp(length, evaluate(Start), evaluate(End));
        return Math.Max(0, DivideUp(last - first, Step));
    }

    private (long First, long Last) Clamp(long length, long start, long end)
    {
        long first = start < 0 ? start + length : start;
        long last = end < 0 ? Math.Max(end, -length - 1) + length : end;
        return Step > 0
            ? (Math.Clamp(first, 0, length), Math.Clamp(last, 0, length))
            : (Math.Clamp(first, Math.Min(0, length - 1), length - 1), Math.Clamp(last, -1, length - 1));
    }

    /// <summary>A bound along an open axis.</summary>
    private Dimension Place(Dimension bound, Dimension length)
    {
        if (!bound.IsKnown)
        {
            return bound;
        }

        // What no axis is as long as stands for the end, or for before the first element.
        const long Beyond = int.MaxValue;
        return bound.Value switch
        {
            >= Beyond => Step > 0 ? length : length - 1,
            <= -Beyond => Step > 0 ? 0 : -1,
            < 0 => length + bound.Value,
            _ => bound,
        };
    }

    private static long DivideUp(long dividend, long divisor)
    {
        (long quotient, long remainder) = Math.DivRem(dividend, divisor);
        return remainder != 0 && (remainder < 0) == (divisor < 0) ? quotient + 1 : quotient;
    }
}
