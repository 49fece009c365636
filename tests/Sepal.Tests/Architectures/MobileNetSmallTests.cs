using Sepal.Architectures;
using Sepal.Costs;
using Sepal.Graphs;
using Xunit;

namespace Sepal.Tests.Architectures;

public sealed class MobileNetSmallTests
{
    [Theory]
    [InlineData("mobilenet-small", 1, 93_258)]
    [InlineData("mobilenet-small", 3, 93_690)]
    [InlineData("mobilenet-small-1.4", 1, 173_098)]
    public void Parameters_are_those_documented(string name, int channels, long parameters) => Assert.Equal(
        parameters, ModelCost.Of((Architecture.Create(name) with { InputShape = [28, 28, channels] }).BuildGraph()).TrainableParameters);

    [Theory]
    [InlineData(28, 7)]
    [InlineData(32, 8)]
    [InlineData(64, 8)]
    [InlineData(96, 6)]
    [InlineData(224, 7)]
    public void Strides_leave_a_few_rows_at_the_end(int size, int rows)
    {
        Graph graph = new MobileNetSmall { InputShape = [size, size, 3], Strides = MobileNetSmall.StridesFor(size) }.BuildGraph();

        Assert.Equal(rows, graph.Node("pool").Inputs[0].Shape[1].Value);
    }
}
