namespace Sepal;

/// <summary>How far a window may reach past the image's edge.</summary>
public enum PaddingMode
{
    /// <summary>Not at all: every tap lies in the image.</summary>
    Valid,

    /// <summary>As far as makes the output <c>⌈input / stride⌉</c>; where the sum is odd, the extra row or column goes to the bottom or right (TensorFlow's rule).</summary>
    Same,

    /// <summary>By given numbers of rows and columns.</summary>
    Explicit,
}

/// <summary>Padding of images: <see cref="Valid"/>, <see cref="Same"/>, or rows and columns on each side.</summary>
/// <remarks>A plain number converts to that many on every side, as PyTorch's <c>padding=1</c>.</remarks>
public readonly record struct Padding2D
{
    private Padding2D(PaddingMode mode, int top, int left, int bottom, int right)
    {
        Mode = mode;
        Top = top;
        Left = left;
        Bottom = bottom;
        Right = right;
    }

    /// <summary>No padding.</summary>
    public static Padding2D Valid => default;

    /// <summary>Enough to keep the size (divided by the stride, rounded up).</summary>
    public static Padding2D Same => new(PaddingMode.Same, 0, 0, 0, 0);

    /// <summary>Which rule.</summary>
    public PaddingMode Mode { get; }

    /// <summary>Rows above, where explicit.</summary>
    public int Top { get; }

    /// <summary>Columns to the left, where explicit.</summary>
    public int Left { get; }

    /// <summary>Rows below, where explicit.</summary>
    public int Bottom { get; }

    /// <summary>Columns to the right, where explicit.</summary>
    public int Right { get; }

    /// <summary>Numbers of rows and columns.</summary>
    /// <param name="top">Rows above.</param>
    /// <param name="left">Columns to the left.</param>
    /// <param name="bottom">Rows below.</param>
    /// <param name="right">Columns to the right.</param>
    /// <returns>The padding.</returns>
    public static Padding2D Explicit(int top, int left, int bottom, int right) =>
        new(PaddingMode.Explicit, top, left, bottom, right);

    /// <summary>The same number on every side.</summary>
    /// <param name="size">Rows and columns.</param>
    public static implicit operator Padding2D(int size) => Explicit(size, size, size, size);

    /// <summary>The same number on every side.</summary>
    /// <param name="size">Rows and columns.</param>
    /// <returns>The padding.</returns>
    public static Padding2D FromInt32(int size) => size;

    /// <inheritdoc/>
    public override string ToString() => Mode switch
    {
        PaddingMode.Valid => "valid",
        PaddingMode.Same => "same",
        _ => $"top {Top}, left {Left}, bottom {Bottom}, right {Right}",
    };
}
