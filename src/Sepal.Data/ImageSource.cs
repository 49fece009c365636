namespace Sepal.Data;

/// <summary>Where a data set's pictures come from. Read by several threads at once.</summary>
internal abstract class ImageSource
{
    /// <summary>How many pictures there are.</summary>
    public abstract int Count { get; }

    /// <summary>A picture's class.</summary>
    /// <param name="index">From 0 to just below <see cref="Count"/>.</param>
    /// <returns>The class's number.</returns>
    public abstract int Label(int index);

    /// <summary>What messages and reports call a picture.</summary>
    /// <param name="index">From 0 to just below <see cref="Count"/>.</param>
    /// <returns>Its path, or its number.</returns>
    public abstract string Name(int index);

    /// <summary>Reads a picture.</summary>
    /// <param name="index">From 0 to just below <see cref="Count"/>.</param>
    /// <returns>The picture in its own size.</returns>
    /// <exception cref="DataException">It cannot be read.</exception>
    public abstract PixelImage Load(int index);

    /// <summary>The bytes of a picture that is in memory and has the right form already, so that it need not be kept once more.</summary>
    /// <param name="index">From 0 to just below <see cref="Count"/>.</param>
    /// <param name="channels">Bytes a pixel wanted.</param>
    /// <param name="size">The size wanted.</param>
    /// <returns>The rows from the top; empty where it has another form.</returns>
    public virtual ReadOnlySpan<byte> Bytes(int index, int channels, Size2D size) => [];
}
