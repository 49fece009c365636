using Sepal.Costs;
using Sepal.Graphs;
using Xunit;

namespace Sepal.Tests.Costs;

public class SeparableComparisonTests
{
    [Fact]
    public void The_textbook_example_without_padding()
    {
        var comparison = SeparableComparison.Of(new ConvolutionSetting([5, 5, 3], 4, 3));

        Assert.Equal(
            [
                new ConvolutionForm("standard", 108, 972, [3, 3, 4]),
                new ConvolutionForm("depthwise", 27, 243, [3, 3, 3]),
                new ConvolutionForm("pointwise", 12, 108, [3, 3, 4]),
                new ConvolutionForm("separable", 39, 351, [3, 3, 4]),
            ],
            comparison.Forms);
        Assert.Equal(39.0 / 108, comparison.ParameterRatio);
        Assert.Equal(351.0 / 972, comparison.MacRatio);
        Assert.Equal((1.0 / 4) + (1.0 / 9), comparison.ClosedForm);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_textbook_example_with_padding(bool same)
    {
        var comparison = SeparableComparison.Of(
            new ConvolutionSetting([5, 5, 3], 4, 3) { Padding = same ? Padding2D.Same : 1, UseBias = true });

        Assert.Equal([2700, 675, 300, 975], comparison.Forms.Select(form => form.MultiplyAccumulates));
        Assert.Equal([112, 27, 16, 43], comparison.Forms.Select(form => form.Parameters));
        Assert.Equal([5, 5, 4], comparison.Separable.Output);
    }

    [Theory]
    [InlineData(3, 4, 3, 3, 1, 1, 1)]
    [InlineData(1, 1, 1, 1, 1, 1, 1)]
    [InlineData(7, 31, 3, 5, 2, 1, 1)]
    [InlineData(32, 64, 5, 1, 1, 2, 3)]
    [InlineData(16, 8, 2, 2, 3, 2, 2)]
    public void Counted_ratios_are_the_closed_form(
        int channels, int filters, int kernelHeight, int kernelWidth, int stride, int dilation, int multiplier)
    {
        var comparison = SeparableComparison.Of(new ConvolutionSetting([17, 23, channels], filters, (kernelHeight, kernelWidth))
        {
            Strides = (stride, 1),
            DilationRate = dilation,
            DepthMultiplier = multiplier,
        });

        Assert.Equal(comparison.ClosedForm, comparison.MacRatio, 12);
        Assert.Equal(comparison.ClosedForm, comparison.ParameterRatio, 12);
        Assert.Equal(comparison.Standard.Output, comparison.Separable.Output);
        Assert.Equal(
            comparison.Separable.MultiplyAccumulates,
            comparison.Depthwise.MultiplyAccumulates + comparison.Pointwise.MultiplyAccumulates);
    }

    [Fact]
    public void A_kernel_must_fit()
    {
        GraphException error = Assert.Throws<GraphException>(
            () => SeparableComparison.Of(new ConvolutionSetting([5, 5, 3], 4, 9)));

        Assert.Contains("covers 9 in height, but the padded input has only 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_the_counters_is_refused()
    {
        Shape input = [5, 5, 30_000];

        Assert.Contains("32 bits", Refusal(new ConvolutionSetting(input, 4, 60_000) { Padding = Padding2D.Same }), StringComparison.Ordinal);
        Assert.Contains("32 bits", Refusal(new ConvolutionSetting(input, 4, 3) { DepthMultiplier = 2_000_000 }), StringComparison.Ordinal);
        Assert.Contains(
            "64 bits",
            Refusal(new ConvolutionSetting([2_000_000_000, 2_000_000_000, 2_000], 2_000_000_000, 1)),
            StringComparison.Ordinal);
        Assert.Contains("three numbers", Refusal(new ConvolutionSetting([5, 5], 4, 3)), StringComparison.Ordinal);
    }

    private static string Refusal(ConvolutionSetting setting) =>
        Assert.Throws<SepalException>(() => SeparableComparison.Of(setting)).Message;
}
