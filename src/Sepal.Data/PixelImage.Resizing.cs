namespace Sepal.Data;

/// <content>Pictures in another size.</content>
public sealed partial class PixelImage
{
    /// <summary>The picture made small enough to fit into a square, in proportion; as it is where it fits already.</summary>
    /// <param name="side">The square's side in pixels, at least 1.</param>
    /// <returns>The picture.</returns>
    public PixelImage FitWithin(int side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        int longer = Math.Max(Width, Height);
        if (longer <= side)
        {
            return this;
        }

        int width = (int)Math.Max((long)Width * side / longer, 1);
        int height = (int)Math.Max((long)Height * side / longer, 1);
        float[] resized = ImageResampling.Resize(Pixels.Span, Width, Height, 3, width, height);
        return new PixelImage(width, height, Array.ConvertAll(resized, value => (byte)MathF.Round(value)));
    }
}
