namespace Sepal.Data.Augmentations;

/// <summary>An image that is worked on: its pixels, and as much room again for what cannot be done in place.</summary>
public sealed class ImageBuffer
{
    private float[] _pixels;
    private float[] _scratch;

    /// <summary>Makes a black image.</summary>
    /// <param name="size">Rows and columns, each at least 1.</param>
    /// <param name="channels">Numbers a pixel, at least 1.</param>
    public ImageBuffer(Size2D size, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Height, 1, nameof(size));
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Width, 1, nameof(size));
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        Height = size.Height;
        Width = size.Width;
        Channels = channels;
        _pixels = new float[checked(size.Height * size.Width * channels)];
        _scratch = new float[_pixels.Length];
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Numbers a pixel: 1 for grey; 3 for red, green and blue.</summary>
    public int Channels { get; }

    /// <summary>The rows from the top, channels together, 0 to 255.</summary>
    public Span<float> Pixels => _pixels;

    /// <summary>As much room as the pixels take; holds anything.</summary>
    public Span<float> Scratch => _scratch;

    /// <summary>Makes what was written to <see cref="Scratch"/> the pixels.</summary>
    public void Swap() => (_pixels, _scratch) = (_scratch, _pixels);
}
