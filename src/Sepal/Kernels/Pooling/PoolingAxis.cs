namespace Sepal.Kernels.Pooling;

/// <summary>Windows sliding along the rows or the columns of an image.</summary>
/// <param name="InputLength">Rows or columns of the input.</param>
/// <param name="OutputLength">How many windows there are.</param>
/// <param name="Window">The length of one.</param>
/// <param name="Stride">From one window to the next.</param>
/// <param name="Padding">How far the first one begins before the input.</param>
internal readonly record struct PoolingAxis(int InputLength, int OutputLength, int Window, int Stride, int Padding)
{
    /// <summary>The one window over a whole axis.</summary>
    public static PoolingAxis Whole(int length) => new(length, 1, length, 1, 0);

    /// <summary>Where a window begins; may lie before the input.</summary>
    public int Start(int output) => (output * Stride) - Padding;

    /// <summary>The part of a window that lies in the input, from the first to just after the last.</summary>
    public (int From, int To) Inputs(int output)
    {
        int start = Start(output);
        return (Math.Max(start, 0), Math.Min(start + Window, InputLength));
    }

    /// <summary>The windows that hold an input, from the first to just after the last.</summary>
    public (int From, int To) Outputs(int input)
    {
        int last = (input + Padding) / Stride;
        int before = input + Padding - Window;
        int first = before < 0 ? 0 : (before / Stride) + 1;
        return (first, Math.Min(last + 1, OutputLength));
    }
}

/// <summary>The numbers of one pooling of NHWC images.</summary>
/// <param name="Batch">Images.</param>
/// <param name="Rows">Windows down the image.</param>
/// <param name="Columns">Windows across the image.</param>
/// <param name="Channels">Channels.</param>
internal readonly record struct PoolingGeometry(int Batch, PoolingAxis Rows, PoolingAxis Columns, int Channels);
