namespace Sepal.Kernels.Pooling;

/// <summary>Windows sliding along the rows or the columns of an image.</summary>
/// <param name="InputLength">Rows or columns of the input.</param>
/// <param name="OutputLength">How many windows there are.</param>
/// <param name="Window">How many elements one has.</param>
/// <param name="Stride">From one window to the next.</param>
/// <param name="Padding">How far the first one begins before the input.</param>
internal readonly record struct PoolingAxis(int InputLength, int OutputLength, int Window, int Stride, int Padding)
{
    /// <summary>From one element of a window to the next.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>How far beyond the input elements count as a window's; negative if they do not, and neither do those before it.</summary>
    public int CountedPadding { get; init; } = -1;

    /// <summary>The one window over a whole axis.</summary>
    public static PoolingAxis Whole(int length) => new(length, 1, length, 1, 0);

    /// <summary>Where a window begins; may lie before the input.</summary>
    public long Start(int output) => ((long)output * Stride) - Padding;

    /// <summary>The elements of a window that lie in the input: the first of them, and how many.</summary>
    public (int From, int Count) Inputs(int output)
    {
        long start = Start(output);
        long before = start < 0 ? DivideUp(-start, Dilation) : 0;
        long end = Math.Clamp(DivideUp(InputLength - start, Dilation), before, Math.Max(Window, before));
        return before >= Window ? (0, 0) : ((int)(start + (before * Dilation)), (int)(end - before));
    }

    /// <summary>How many elements an average over a window divides by.</summary>
    public int Count(int output) => CountedPadding < 0
        ? Inputs(output).Count
        : (int)Math.Clamp(DivideUp(InputLength + CountedPadding - Start(output), Dilation), 0, Window);

    /// <summary>Which element of a window, from 0, a position of the input is; negative if it is none.</summary>
    public int Tap(int input, int output)
    {
        (long tap, long rest) = Math.DivRem(input - Start(output), Dilation);
        return rest == 0 ? (int)tap : -1;
    }

    /// <summary>The windows that reach over an input, from the first to just after the last.</summary>
    public (int From, int To) Outputs(int input)
    {
        long last = ((long)input + Padding) / Stride;
        long before = (long)input + Padding - ((long)(Window - 1) * Dilation) - 1;
        long first = before < 0 ? 0 : (before / Stride) + 1;
        return ((int)first, (int)Math.Min(last + 1, OutputLength));
    }

    private static long DivideUp(long dividend, long divisor) => dividend <= 0 ? 0 : (dividend + divisor - 1) / divisor;
}

/// <summary>The numbers of one pooling of NHWC images.</summary>
/// <param name="Batch">Images.</param>
/// <param name="Rows">Windows down the image.</param>
/// <param name="Columns">Windows across the image.</param>
/// <param name="Channels">Channels.</param>
internal readonly record struct PoolingGeometry(int Batch, PoolingAxis Rows, PoolingAxis Columns, int Channels);
