using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Layers;
using Xunit;

namespace Sepal.Tests.Graphs;

public sealed class SplitLayerTests
{
    [Fact]
    public void Parts_are_the_channels_in_order_and_computed_once()
    {
        var input = new Input(1, 1, 6);
        ImmutableArray<LayerOutput> parts = new Split(3) { Name = "split" }.ApplyAll(input);
        using var model = new Model(input, new Concatenate { Name = "join" }.Apply(parts[2], parts[0], parts[1]));

        Assert.Equal(["split", "join"], model.Graph.Nodes.Select(node => node.Name));
        float[] result = model.Predict(System.Numerics.Tensors.Tensor.Create<float>([0, 1, 2, 3, 4, 5], [1, 1, 1, 6])).ToArray();
        Assert.Equal([4, 5, 0, 1, 2, 3], result);
    }

    [Fact]
    public void A_part_may_be_a_models_output()
    {
        var input = new Input(2, 4);
        ImmutableArray<LayerOutput> parts = new Split(2) { Axis = 1 }.ApplyAll(input);
        using var model = new Model(input, parts[1]);
        float[] result = model.Predict(System.Numerics.Tensors.Tensor.Create<float>([0, 1, 2, 3, 4, 5, 6, 7], [1, 2, 4])).ToArray();
        Assert.Equal([4, 5, 6, 7], result);
    }

    [Fact]
    public void A_layer_applied_twice_gives_outputs_of_their_own()
    {
        var input = new Input(4);
        var split = new Split(2) { Name = "split" };
        LayerOutput low = split.ApplyAll(input)[0];
        LayerOutput high = split.ApplyAll(new Activation(Activations.Relu).Apply(input))[1];
        using var model = new Model(input, new Concatenate().Apply(low, high));
        float[] result = model.Predict(System.Numerics.Tensors.Tensor.Create<float>([-1, -2, -3, 4], [1, 4])).ToArray();
        Assert.Equal([-1, -2, 0, 4], result);
    }

    [Theory]
    [InlineData(4, -1)]
    [InlineData(0, -1)]
    [InlineData(2, 0)]
    [InlineData(2, 4)]
    public void Parts_that_do_not_fit_are_refused(int parts, int axis)
    {
        var input = new Input(3, 3, 6);
        var exception = Assert.Throws<GraphException>(() => new Model(input, new Split(parts) { Axis = axis, Name = "split" }.Apply(input)));
        Assert.Contains("Layer 'split' (Split)", exception.Message, StringComparison.Ordinal);
    }
}
