using Sepal.Architectures;
using Sepal.Costs.WhatIf;
using Xunit;

namespace Sepal.Tests.Costs.WhatIf;

public sealed class ScaledModelTests
{
    [Fact]
    public void MobileNetV1_has_the_papers_figures()
    {
        // arXiv 1704.04861, tables 6 and 7, in millions.
        Assert.Equal([41, 149, 325, 569], ScaledModel.Of(new MobileNetV1(), [0.25, 0.5, 0.75, 1], []).Select(Millions));
        Assert.Equal([186, 291, 418, 569], ScaledModel.Of(new MobileNetV1(), [], [128, 160, 192, 224]).Select(Millions));
    }

    [Fact]
    public void Every_width_meets_every_resolution() =>
        Assert.Equal(
            [(0.5, new Size2D(96, 64)), (0.5, 128), (1, new Size2D(96, 64)), (1, 128)],
            ScaledModel.Of(new MobileNetV2(), [0.5, 1], [new Size2D(96, 64), 128]).Select(scaled => (scaled.Width, scaled.Resolution)));

    private static long Millions(ScaledModel scaled) => (long)Math.Round(scaled.Cost.MultiplyAccumulates / 1e6);
}
