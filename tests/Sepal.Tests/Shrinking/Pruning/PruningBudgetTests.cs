using System.Numerics.Tensors;
using Sepal.Architectures;
using Sepal.Costs;
using Sepal.Layers;
using Sepal.Shrinking;
using Xunit;

namespace Sepal.Tests.Shrinking.Pruning;

/// <summary>How much goes, and what is said where it cannot.</summary>
public sealed class PruningBudgetTests
{
    private static readonly Tensor<float> Images = PruningData.Images(4, 32, 32, 3);

    [Theory]
    [InlineData(0.8)]
    [InlineData(0.5)]
    [InlineData(0.3)]
    public void A_budget_is_met_and_not_missed_by_far(double share)
    {
        using Model model = PruningData.Shaken(ResNet());
        long budget = (long)(Macs(model) * share);
        using Model pruned = ChannelPruner.Prune(
            model, new PruningOptions { MaximumMultiplyAccumulates = budget, Multiple = 1, MaximumImages = 4 }, PruningData.Dataset(Images)).Model;
        Assert.InRange(Macs(pruned), 0.97 * budget, budget);
    }

    [Fact]
    public void A_budget_out_of_reach_is_refused_with_what_can_be_reached()
    {
        using Model model = PruningData.Shaken(ResNet());
        SepalException exception = Assert.Throws<SepalException>(
            () => ChannelPruner.Prune(model, new PruningOptions { MaximumMultiplyAccumulates = 1000 }, PruningData.Dataset(Images)));
        Assert.Contains($"Pruning cannot bring the model of {Macs(model):N0} MACs down to 1,000: ", exception.Message, StringComparison.Ordinal);
        string least = exception.Message.Split("down to 1,000: ")[1].Split(' ')[0].Replace(",", string.Empty, StringComparison.Ordinal);
        using Model pruned = ChannelPruner.Prune(
            model, new PruningOptions { MaximumMultiplyAccumulates = long.Parse(least) }, PruningData.Dataset(Images)).Model;
        Assert.Equal(long.Parse(least), Macs(pruned), 2.0);
    }

    [Theory]
    [InlineData(null, 16)]
    [InlineData(32, 32)]
    [InlineData(8, 8)]
    public void Counts_are_multiples_and_no_group_loses_more_than_allowed(int? multiple, int expected)
    {
        using Model model = PruningData.Shaken(ResNet());
        PruningResult result = ChannelPruner.Prune(
            model, new PruningOptions { Ratio = 0.6, Multiple = multiple, LargestShare = 0.7 }, PruningData.Dataset(Images));
        using Model pruned = result.Model;
        foreach (PruningGroup group in result.Groups.Where(group => group.Reason is null))
        {
            Assert.Equal(0, group.Kept / group.Layers.Length % expected);
            Assert.True(group.Kept >= 0.3 * group.Channels, $"{group}");
        }

        Assert.Contains(result.Groups, group => group.Kept < group.Channels);
    }

    [Fact]
    public void Groups_tell_what_goes_together_and_why_the_rest_stays()
    {
        using Model model = ResNet();
        PruningGroup[] groups = [.. ChannelPruner.Groups(model)];
        Assert.Contains(groups, group => group.Layers.Length >= 3 && group.Reason is null);
        Assert.Contains(groups, group => group.Layers.Length == 1 && group.Reason is null);
        Assert.Equal(7, groups[^1].Channels);
        Assert.Contains("an output of the model", groups[^1].Reason, StringComparison.Ordinal);
        Assert.All(groups, group => Assert.Equal(group.Channels, group.Kept));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        using Model model = ResNet();
        Refused("by a ratio or by a number of MACs", new PruningOptions());
        Refused("by a ratio or by a number of MACs", new PruningOptions { Ratio = 0.1, MaximumMultiplyAccumulates = 5 });
        Refused("The ratio of channels to prune is 1.", new PruningOptions { Ratio = 1 });
        Refused("multiples of 0", new PruningOptions { Ratio = 0.1, Multiple = 0 });
        Refused("The largest share of channels to prune is 1.", new PruningOptions { Ratio = 0.1, LargestShare = 1 });
        Assert.Contains("needs images", Assert.Throws<SepalException>(
            () => ChannelPruner.Prune(model, new PruningOptions { Ratio = 0.1 })).Message, StringComparison.Ordinal);
        Assert.Contains("Give images of the model's size", Assert.Throws<SepalException>(
            () => ChannelPruner.Prune(model, new PruningOptions { Ratio = 0.1 }, PruningData.Dataset(PruningData.Images(2, 16, 16, 3)))).Message, StringComparison.Ordinal);
        using Sequential plain = [new Input(32, 32, 3), new Conv2D(8, 3), new Flatten(), new Dense(3)];
        Assert.Contains("no channels that could be pruned: 'conv2d': no batch normalisation scales them", Assert.Throws<SepalException>(
            () => ChannelPruner.Prune(plain, new PruningOptions { Ratio = 0.1, Score = ChannelScore.BatchNormalizationScale })).Message, StringComparison.Ordinal);

        void Refused(string message, PruningOptions options) => Assert.Contains(
            message, Assert.Throws<SepalException>(() => ChannelPruner.Prune(model, options, PruningData.Dataset(Images))).Message, StringComparison.Ordinal);
    }

    private static long Macs(Model model) => ModelCost.Of(model.Graph).MultiplyAccumulates;

    private static Model ResNet() =>
        (Architecture.Create("resnet18") with { Classes = 7, InputShape = [32, 32, 3], ClassifierActivation = null }).Build();
}
