using Sepal.Costs;
using Sepal.Layers;
using Xunit;

namespace Sepal.Tests.Costs;

public class DeepeningTests
{
    [Fact]
    public void At_equal_convolution_parameters_the_separable_network_is_three_layers_deeper()
    {
        using Sequential standard = MnistNetworks.Standard();

        Deepening deeper = Deepening.Within(
            new CostBudget(CostMeasure.ConvolutionParameters, standard.Cost().ConvolutionParameters), MnistNetworks.Separable);

        Assert.Equal(3, deeper.ExtraLayers);
        Assert.Equal(16_681, deeper.Cost.ConvolutionParameters);
        Assert.Equal(2_006_308, deeper.Cost.ConvolutionMultiplyAccumulates);
        Assert.False(deeper.ReachedMost);
    }

    [Theory]
    [InlineData(CostMeasure.Parameters)]
    [InlineData(CostMeasure.MultiplyAccumulates)]
    [InlineData(CostMeasure.ConvolutionParameters)]
    [InlineData(CostMeasure.ConvolutionMultiplyAccumulates)]
    public void One_layer_more_would_not_fit(CostMeasure measure)
    {
        using Sequential standard = MnistNetworks.Standard();
        var budget = new CostBudget(measure, standard.Cost()[measure]);

        Deepening deeper = Deepening.Within(budget, MnistNetworks.Separable);

        using Sequential tooDeep = MnistNetworks.Separable(deeper.ExtraLayers + 1);
        Assert.InRange(deeper.Cost[measure], 0, budget.Limit);
        Assert.True(tooDeep.Cost()[measure] > budget.Limit);
    }

    [Fact]
    public void A_budget_that_is_exactly_met_is_kept()
    {
        using Sequential two = MnistNetworks.Separable(2);
        long limit = two.Cost().TotalParameters;

        Assert.Equal(2, Deepening.Within(new CostBudget(CostMeasure.Parameters, limit), MnistNetworks.Separable).ExtraLayers);
        Assert.Equal(1, Deepening.Within(new CostBudget(CostMeasure.Parameters, limit - 1), MnistNetworks.Separable).ExtraLayers);
    }

    [Fact]
    public void A_budget_too_small_for_no_extra_layer_is_an_error()
    {
        SepalException error = Assert.Throws<SepalException>(
            () => Deepening.Within(new CostBudget(CostMeasure.ConvolutionParameters, 2_000), MnistNetworks.Separable));

        Assert.Equal(
            "Without extra layers the model already costs 2,473 convolution parameters; the budget is 2,000. "
            + "Raise the budget or make the model smaller.",
            error.Message);
    }

    [Fact]
    public void The_search_ends_at_the_most_layers_allowed()
    {
        Deepening deeper = Deepening.Within(
            new CostBudget(CostMeasure.Parameters, long.MaxValue), MnistNetworks.Separable, most: 2);

        Assert.Equal(2, deeper.ExtraLayers);
        Assert.True(deeper.ReachedMost);
    }

    [Fact]
    public void A_variant_that_costs_less_with_more_layers_is_an_error()
    {
        SepalException error = Assert.Throws<SepalException>(() => Deepening.Within(
            new CostBudget(CostMeasure.Parameters, long.MaxValue), layers => MnistNetworks.Separable(3 - layers)));

        Assert.Contains("Build variants that only add layers.", error.Message, StringComparison.Ordinal);
    }
}
