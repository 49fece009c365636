namespace Sepal.Data.Augmentations;

/// <summary>Takes an image's pixels from other places of it, by linear interpolation between four neighbours.</summary>
internal static class AffineSampling
{
    /// <summary>
    /// Fills every pixel (row, column) with what stands at (a·row + b·column + c, d·row + e·column + f); past the edge the image
    /// goes on by reflection.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="row">a, b and c.</param>
    /// <param name="column">d, e and f.</param>
    public static void Apply(
        ImageBuffer image, (double Row, double Column, double Offset) row, (double Row, double Column, double Offset) column)
    {
        int channels = image.Channels;
        Span<float> source = image.Pixels;
        Span<float> target = image.Scratch;
        int written = 0;
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                double down = (row.Row * y) + (row.Column * x) + row.Offset;
                double across = (column.Row * y) + (column.Column * x) + column.Offset;
                (int top, int left) = ((int)Math.Floor(down), (int)Math.Floor(across));
                (float belowShare, float rightShare) = ((float)(down - top), (float)(across - left));
                int above = Reflection.Of(top, image.Height) * image.Width;
                int below = Reflection.Of(top + 1, image.Height) * image.Width;
                int first = Reflection.Of(left, image.Width);
                int second = Reflection.Of(left + 1, image.Width);
                for (int channel = 0; channel < channels; channel++)
                {
                    float upper = Between(source[((above + first) * channels) + channel], source[((above + second) * channels) + channel], rightShare);
                    float lower = Between(source[((below + first) * channels) + channel], source[((below + second) * channels) + channel], rightShare);
                    target[written++] = Between(upper, lower, belowShare);
                }
            }
        }

        image.Swap();
    }

    private static float Between(float from, float to, float share) => from + ((to - from) * share);
}
