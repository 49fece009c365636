using System.Globalization;

namespace Sepal;

/// <summary>A height and a width: of a kernel, a stride, a dilation or a pooling window. A plain number means both.</summary>
/// <param name="Height">Along the rows.</param>
/// <param name="Width">Along the columns.</param>
public readonly record struct Size2D(int Height, int Width)
{
    /// <summary>Height times width.</summary>
    public long Area => (long)Height * Width;

    /// <summary>The same number for both.</summary>
    /// <param name="size">Height and width.</param>
    public static implicit operator Size2D(int size) => new(size, size);

    /// <summary>A pair (height, width).</summary>
    /// <param name="size">Height, then width.</param>
    public static implicit operator Size2D((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>The same number for both.</summary>
    /// <param name="size">Height and width.</param>
    /// <returns>The size.</returns>
    public static Size2D FromInt32(int size) => size;

    /// <summary>A pair (height, width).</summary>
    /// <param name="size">Height, then width.</param>
    /// <returns>The size.</returns>
    public static Size2D FromValueTuple((int Height, int Width) size) => size;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}×{Width}");
}
