using Sepal.Kernels;
using Sepal.Kernels.Rows;
using Xunit;

namespace Sepal.Tests.Kernels.Rows;

public sealed class RowPartsTests
{
    [Theory]
    [InlineData(1, 112, 112, 32, 64, 1, true)]
    [InlineData(3, 7, 7, 960, 160, 1, true)]
    [InlineData(3, 7, 7, 960, 160, 1, false)]
    [InlineData(2, 1, 1, 2048, 1000, 1, true)]
    [InlineData(1, 3, 200, 64, 64, 3, true)]
    [InlineData(1, 14, 14, 512, 512, 3, true)]
    [InlineData(1, 1, 1, 1, 1, 1, true)]
    public void Parts_have_every_row_and_block_of_every_image_once(
        int batch, int height, int width, int channels, int filters, int kernel, bool divideBlocks)
    {
        int padding = kernel / 2;
        ConvolutionGeometry geometry = ConvolutionShapes.Make(
            batch, (height, width, channels), filters, (kernel, kernel), (1, 1), (1, 1), (padding, padding, padding, padding));
        ConvolutionRows rows = ConvolutionRows.Create(geometry, new Epilogue());
        foreach (int threads in (int[])[1, 2, 3, 8])
        {
            AssertWhole(RowParts.Divide(rows, divideBlocks, threads), rows, divideBlocks, batch * height * rows.Blocks);
        }
    }

    [Theory]
    [InlineData(14, 80, 200)]
    [InlineData(7, 160, 960)]
    public void Two_threads_have_the_same_halves_of_a_convolution_and_of_the_depthwise_one_that_reads_it(int size, int channels, int filters)
    {
        ConvolutionGeometry expand = ConvolutionShapes.Make(1, (size, size, channels), filters, (1, 1), (1, 1), (1, 1), (0, 0, 0, 0));
        ConvolutionGeometry depthwise = ConvolutionShapes.Make(
            1, (size, size, filters), filters, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1), groups: filters);
        var first = RowParts.Divide(ConvolutionRows.Create(expand.WithoutImages(), new Epilogue()), divideBlocks: true, threads: 2);
        ConvolutionRows second = ConvolutionRows.Create(depthwise, new Epilogue());
        var parts = RowParts.Divide(second, divideBlocks: true, threads: 2);
        Assert.True(first.Count % 2 == 0 && parts.Count % 2 == 0);
        RowParts.Part half = parts[parts.Count / 2];
        Assert.Equal(size == 7 ? (0, second.Blocks / 2) : (size / 2, 0), (half.FirstRow, half.FirstBlock));
        Assert.Equal(size == 7 ? 0 : size * size / 2, first[first.Count / 2].FirstRow);
    }

    private static void AssertWhole(RowParts parts, ConvolutionRows rows, bool divideBlocks, int expected)
    {
        var seen = new HashSet<(int, int, int)>();
        for (int index = 0; index < parts.Count; index++)
        {
            RowParts.Part part = parts[index];
            Assert.True(divideBlocks || (part.FirstBlock == 0 && part.EndBlock == rows.Blocks));
            for (int row = part.FirstRow; row < part.EndRow; row++)
            {
                for (int block = part.FirstBlock; block < part.EndBlock; block++)
                {
                    Assert.True(seen.Add((part.Image, row, block)));
                }
            }
        }

        Assert.Equal(expected, seen.Count);
    }
}
