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
        RowParts parts = RowParts.Divide(rows, divideBlocks);
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

        Assert.Equal(batch * height * rows.Blocks, seen.Count);
    }
}
