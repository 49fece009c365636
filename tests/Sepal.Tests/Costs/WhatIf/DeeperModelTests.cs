using Sepal.Architectures;
using Sepal.Costs;
using Sepal.Costs.WhatIf;
using Sepal.Graphs;
using Sepal.Layers;
using Xunit;

namespace Sepal.Tests.Costs.WhatIf;

public sealed class DeeperModelTests
{
    private static readonly CostOptions Options = new() { Machine = new Machine(200e9, 20e9) };

    [Theory]
    [InlineData(DeeperMeasure.Parameters)]
    [InlineData(DeeperMeasure.MultiplyAccumulates)]
    [InlineData(DeeperMeasure.RooflineTime)]
    public void The_saving_is_spent_and_one_layer_more_would_not_fit(DeeperMeasure measure)
    {
        Graph graph = (new ResNet18() with { InputShape = [64, 64, 3], Classes = 10 }).BuildGraph();
        DeeperModel deeper = DeeperModel.Of(graph, measure, Options);

        Assert.True(deeper.ExtraLayers > 0);
        Assert.Equal(5, deeper.Stages);
        Assert.InRange(Of(deeper.Cost), deeper.Separated, deeper.Budget);
        Graph more = new DeepeningRewrite(Separation.Apply(graph)).Apply(deeper.ExtraLayers + 1);
        Assert.True(Of(ModelCost.Of(more, Options)) > deeper.Budget);

        double Of(ModelCost cost) => measure switch
        {
            DeeperMeasure.Parameters => cost.TotalParameters,
            DeeperMeasure.MultiplyAccumulates => cost.MultiplyAccumulates,
            _ => cost.RooflineSeconds!.Value,
        };
    }

    [Fact]
    public void Extra_layers_repeat_the_unit_at_the_width_of_its_output()
    {
        LayerOutput input = new Input(16, 16, 3);
        LayerOutput stage = Unit(Unit(input, "first", 64, 2), "second", 64, 1);
        Graph graph = ModelLowering.Lower([input], [new Flatten().Apply(stage)]);

        DeeperModel deeper = DeeperModel.Of(graph, DeeperMeasure.MultiplyAccumulates);

        // A layer of 64 channels on 8×8: 9·64 + 64·64 MACs a pixel; both of the stage's convolutions saved.
        long layer = 64 * ((9 * 64) + (64 * 64));
        long saved = (64 * 9 * 64 * (3 + 64)) - (64 * ((9 * 3) + (3 * 64))) - layer;
        Assert.Equal(1, deeper.Stages);
        Assert.Equal(saved / layer, deeper.ExtraLayers);
        Assert.Equal(2 + deeper.ExtraLayers, deeper.Cost.Nodes.Count(node => node.Kind == "depthwise"));
        Assert.Equal(2 + deeper.ExtraLayers, deeper.Cost.Nodes.Count(node => node.Kind == "batchnormalization"));
        Assert.Equal(graph.Outputs[0].Shape, deeper.Graph.Outputs[0].Shape);
    }

    [Fact]
    public void A_model_without_standard_convolutions_has_nothing_to_spend()
    {
        LayerOutput input = new Input(8, 8, 4);
        DeeperModel deeper = DeeperModel.Of(
            ModelLowering.Lower([input], [new SeparableConv2D(4, 3).Apply(input)]), DeeperMeasure.Parameters);
        Assert.Equal(0, deeper.ExtraLayers);
        Assert.Equal(deeper.Budget, deeper.Separated);
    }

    [Fact]
    public void A_time_needs_a_machine()
    {
        LayerOutput input = new Input(8, 8, 4);
        Graph graph = ModelLowering.Lower([input], [new Conv2D(4, 3).Apply(input)]);
        Assert.Contains("without a machine", Assert.Throws<SepalException>(() => DeeperModel.Of(graph, DeeperMeasure.RooflineTime)).Message, StringComparison.Ordinal);
    }

    private static LayerOutput Unit(LayerOutput input, string name, int filters, int stride) =>
        new Activation(Activations.Relu) { Name = $"{name}/relu" }.Apply(
            new BatchNormalization { Name = $"{name}/norm" }.Apply(
                new Conv2D(filters, 3) { Name = $"{name}/conv", Strides = stride, Padding = Padding2D.Same, UseBias = false }.Apply(input)));
}
