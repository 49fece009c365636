using System.Collections.Immutable;
using Sepal.Cli.Comparison;
using Sepal.Costs;
using Sepal.Graphs;
using Xunit;

namespace Sepal.Tests.Cli.Comparison;

public sealed class ComparisonNetworksTests
{
    [Fact]
    public void On_MNIST_the_networks_cost_what_calculation_says()
    {
        using var networks = new Networks(new Shape(28, 28, 1), classes: 10);

        Assert.Equal(NetworkNames.All, networks.All.Select(network => network.Name));
        Assert.Equal(
            [(18_816, 2_424_960), (2_473, 310_372), (2_720, 477_344), (16_681, 2_006_308)],
            networks.All.Select(network => ModelCost.Of(network.Model.Graph))
                .Select(cost => ((int)cost.ConvolutionParameters, (int)cost.ConvolutionMultiplyAccumulates)));
        Assert.Contains("3 more separable layers", networks.All[3].Description, StringComparison.Ordinal);
    }

    [Fact]
    public void They_differ_in_nothing_but_their_convolutions()
    {
        using var networks = new Networks(new Shape(20, 13, 3), classes: 7);

        Assert.All(networks.All, network =>
        {
            LayerCost[] layers = [.. ModelCost.Of(network.Model.Graph).Layers];
            Assert.Equal(
                ["MaxPooling2D", "MaxPooling2D", "Flatten", "Dense", "Dense"],
                layers.Select(layer => layer.Type).Where(type => !type.EndsWith("Conv2D", StringComparison.Ordinal)));
            Assert.Equal(
                [new Shape(1, 9, 5, 32), new Shape(1, 3, 1, 64), new Shape(1, 192), new Shape(1, 64), new Shape(1, 7)],
                layers.Where(layer => !layer.Type.EndsWith("Conv2D", StringComparison.Ordinal)).Select(layer => layer.OutputShape));
        });
    }

    [Theory]
    [InlineData(9, 28, 10, "The images have the shape (9, 28, 1), too small")]
    [InlineData(28, 28, 1, "The labels name 1 class")]
    public void Refuses_what_cannot_be_learnt_from(int height, int width, int classes, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<SepalException>(() => ComparisonNetworks.Build(new Shape(height, width, 1), classes)).Message,
            StringComparison.Ordinal);

    private sealed class Networks(Shape image, int classes) : IDisposable
    {
        public ImmutableArray<ComparisonNetwork> All { get; } = ComparisonNetworks.Build(image, classes);

        public void Dispose()
        {
            foreach (ComparisonNetwork network in All)
            {
                network.Model.Dispose();
            }
        }
    }
}
