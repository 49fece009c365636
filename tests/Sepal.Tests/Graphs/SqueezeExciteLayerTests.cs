using System.Numerics.Tensors;
using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Training.Initializers;
using Xunit;

namespace Sepal.Tests.Graphs;

public sealed class SqueezeExciteLayerTests
{
    [Fact]
    public void Each_channel_is_multiplied_by_what_the_means_give()
    {
        var input = new Input(1, 2, 2);
        using var model = new Model(input, new SqueezeExcite(1) { Name = "se", KernelInitializer = new Constant(0.5f) }.Apply(input));

        // Means 2 and 4; squeezed to 0.5·2 + 0.5·4 = 3; both channels' gates are sigmoid(0.5·3).
        double gate = 1 / (1 + Math.Exp(-1.5));
        float[] result = model.Predict(Tensor.Create<float>([1, 2, 3, 6], [1, 1, 2, 2])).ToArray();
        double[] expected = [gate, 2 * gate, 3 * gate, 6 * gate];
        Assert.All(expected.Zip(result), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Its_nodes_and_parameters_have_paths_under_its_name()
    {
        var input = new Input(4, 4, 8);
        using var model = new Model(
            input,
            new SqueezeExcite(2) { Name = "block_1/squeeze_excite", Gate = Activations.HardSigmoid }.Apply(input));
        Assert.Equal(
            ["pool", "reduce", "reduce/relu", "expand", "expand/hardsigmoid"],
            model.Graph.Nodes.SkipLast(1).Select(node => node.Name["block_1/squeeze_excite/".Length..]));
        Assert.Equal("block_1/squeeze_excite", model.Graph.Nodes[^1].Name);
        Assert.Equal(
            ["reduce/kernel", "reduce/bias", "expand/kernel", "expand/bias"],
            model.Graph.Parameters.Select(parameter => parameter.Name["block_1/squeeze_excite/".Length..]));
        Assert.Equal((8 * 2) + 2 + (2 * 8) + 8, model.Cost().TrainableParameters);
    }

    [Fact]
    public void It_needs_an_image_and_a_unit()
    {
        var row = new Input(8);
        Assert.Throws<GraphException>(() => new Model(row, new SqueezeExcite(2).Apply(row)));
        var image = new Input(4, 4, 8);
        GraphException exception = Assert.Throws<GraphException>(() => new Model(image, new SqueezeExcite(0).Apply(image)));
        Assert.Contains("it has 0 units", exception.Message, StringComparison.Ordinal);
    }
}
