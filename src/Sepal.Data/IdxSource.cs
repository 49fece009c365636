using System.Globalization;

namespace Sepal.Data;

/// <summary>Pictures of a pair of IDX files.</summary>
internal sealed class IdxSource : ImageSource
{
    private readonly IdxDataset _dataset;
    private readonly Size2D _size;
    private readonly int _channels;

    /// <summary>Takes the images of a data set.</summary>
    /// <param name="dataset">The data set.</param>
    /// <exception cref="DataException">The images are neither grey nor of three channels.</exception>
    public IdxSource(IdxDataset dataset)
    {
        _dataset = dataset;
        _size = new Size2D((int)dataset.InputShape[0].Value, (int)dataset.InputShape[1].Value);
        _channels = (int)dataset.InputShape[2].Value;
        if (_channels is not (1 or 3))
        {
            throw new DataException($"The images have {_channels} channels. Expected 1 (grey) or 3 (red, green, blue).");
        }
    }

    /// <inheritdoc/>
    public override int Count => _dataset.Count;

    /// <inheritdoc/>
    public override int Label(int index) => _dataset.Label(index);

    /// <inheritdoc/>
    public override string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"image {index}");

    /// <inheritdoc/>
    public override PixelImage Load(int index)
    {
        ReadOnlySpan<byte> bytes = _dataset.Image(index);
        return _channels == 3
            ? new PixelImage(_size.Width, _size.Height, bytes.ToArray())
            : PixelImage.FromGrey(_size.Width, _size.Height, bytes);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes(int index, int channels, Size2D size) =>
        channels == _channels && size == _size ? _dataset.Image(index) : [];
}
