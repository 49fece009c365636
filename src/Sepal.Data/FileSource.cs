using System.Collections.Immutable;

namespace Sepal.Data;

/// <summary>Pictures in files.</summary>
/// <param name="images">The files.</param>
internal sealed class FileSource(ImmutableArray<LabelledImage> images) : ImageSource
{
    /// <inheritdoc/>
    public override int Count => images.Length;

    /// <inheritdoc/>
    public override int Label(int index) => images[index].Label;

    /// <inheritdoc/>
    public override string Name(int index) => images[index].Path;

    /// <inheritdoc/>
    public override PixelImage Load(int index) => ImageFile.Read(images[index].Path);
}
