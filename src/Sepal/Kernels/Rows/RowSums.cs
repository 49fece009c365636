namespace Sepal.Kernels.Rows;

/// <summary>Adds up the pixels of every row of images, for their mean, while the rows are in the cache.</summary>
internal sealed unsafe class RowSums(ConvolutionGeometry geometry)
{
    private readonly ChannelSums _kernel = ChannelSums.Create(geometry.OutputChannels);

    /// <summary>Adds up some rows.</summary>
    /// <param name="target">The image's first row, which need not exist.</param>
    /// <param name="sums">The sums of all images and rows.</param>
    /// <param name="image">The image's number.</param>
    /// <param name="from">The first row.</param>
    /// <param name="to">One past the last row.</param>
    /// <param name="channels">The first channel, and one past the last; all where not given.</param>
    public void Run(float* target, float* sums, int image, int from, int to, (int First, int End)? channels = null)
    {
        (int first, int end) = channels ?? (0, geometry.OutputChannels);
        nint pitch = (nint)geometry.OutputWidth * geometry.OutputChannels;
        for (int row = from; row < to; row++)
        {
            _kernel.Run(
                target + (row * pitch),
                geometry.OutputWidth,
                1,
                sums + ((((long)image * geometry.OutputHeight) + row) * geometry.OutputChannels),
                first,
                end);
        }
    }
}
