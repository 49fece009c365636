using Sepal.Architectures;
using Sepal.Costs;
using Sepal.Costs.WhatIf;
using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Costs.WhatIf;

public sealed class SeparationTests
{
    private static readonly CostOptions Options = new() { Machine = new Machine(200e9, 20e9) };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_convolution_costs_what_its_two_steps_cost_by_hand(int rank)
    {
        Graph graph = Lower(new Conv2D(10, new Size2D(3, 5)) { Strides = new Size2D(2, 1), Padding = Padding2D.Explicit(1, 0, 2, 3), UseBias = true });
        Separation separation = Separation.Of(graph, Options, rank);

        SeparatedConvolution convolution = Assert.Single(separation.Convolutions);
        SeparatedForm form = Assert.Single(convolution.Forms);
        long positions = convolution.Standard.OutputShape[1].Value * convolution.Standard.OutputShape[2].Value;
        Assert.Equal((6 * 15 * rank) + (6 * rank * 10) + 10, form.Parameters);
        Assert.Equal(positions * ((6 * 15 * rank) + (6 * rank * 10)), form.MultiplyAccumulates);
        Assert.Equal(convolution.Standard.OutputShape, form.Pointwise.OutputShape);
        Assert.Equal(form.Depthwise.RooflineSeconds + form.Pointwise.RooflineSeconds, form.RooflineSeconds);
    }

    [Fact]
    public void Strides_padding_and_dilation_go_to_the_depthwise_step_and_the_bias_to_the_pointwise_one()
    {
        var layer = new Conv2D(10, 3) { Padding = Padding2D.Explicit(1, 0, 2, 3), DilationRate = 2, UseBias = true };
        Graph separated = Separation.Apply(Lower(layer), 2);

        Node depthwise = separated.Nodes[0];
        Assert.Equal(
            new Convolution(12, 3) { Groups = 6, Padding = Padding2D.Explicit(1, 0, 2, 3), DilationRate = 2 }, depthwise.Operator);
        Assert.Equal(2, depthwise.Inputs.Length);
        Assert.Equal(new Convolution(10, 1), separated.Nodes[1].Operator);
        Assert.Equal(3, separated.Nodes[1].Inputs.Length);
        Assert.Equal(separated.Outputs[0].Shape, Lower(layer).Outputs[0].Shape);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Totals_differ_by_what_the_convolutions_differ(string name)
    {
        Separation separation = Separation.Of(Architecture.Create(name).BuildGraph(), Options, 1, 2, 3, 4);
        Assert.NotEmpty(separation.Convolutions);
        for (int index = 0; index < 4; index++)
        {
            ModelCost variant = separation.Variants[index].Cost;
            Assert.Equal(
                separation.Standard.MultiplyAccumulates
                - separation.Convolutions.Sum(convolution => convolution.Standard.MultiplyAccumulates - convolution.Forms[index].MultiplyAccumulates),
                variant.MultiplyAccumulates);
            Assert.Equal(
                separation.Standard.TotalParameters
                - separation.Convolutions.Sum(convolution => convolution.Standard.TotalParameters - convolution.Forms[index].Parameters),
                variant.TotalParameters);
            Assert.DoesNotContain(variant.Nodes, node => node.Kind == "standard");
        }

        Assert.Equal(
            separation.Standard.Nodes.Count(node => node.IsConvolution), separation.Convolutions.Length + separation.Kept.Length);
    }

    public static TheoryData<string> Architectures() => [.. Architecture.Names];

    [Fact]
    public void Grouped_pointwise_and_depthwise_convolutions_stay_with_the_reason()
    {
        LayerOutput input = new Input(8, 8, 6);
        LayerOutput output = new Conv2D(6, 1) { Name = "point" }.Apply(
            new DepthwiseConv2D(3) { Name = "deep" }.Apply(new Conv2D(6, 3) { Name = "grouped", Groups = 2 }.Apply(input)));
        Separation separation = Separation.Of(ModelLowering.Lower([input], [output]));

        Assert.Empty(separation.Convolutions);
        Assert.Equal(["grouped", "depthwise", "pointwise"], separation.Kept.Select(kept => kept.Kind));
        Assert.StartsWith("grouped: its 2 groups", separation.Kept[0].Reason, StringComparison.Ordinal);
        Assert.Equal(separation.Standard.MultiplyAccumulates, separation.Variants[0].Cost.MultiplyAccumulates);
    }

    [Fact]
    public void A_separated_graph_makes_a_model_that_runs()
    {
        using var model = new Model(Separation.Apply(Lower(new Conv2D(10, 3) { UseBias = true }), 2));
        using var session = new Sepal.Inference.InferenceSession(model);
        Assert.Contains(session.Plan().Steps, step => step.MultiplyAccumulates > 0);
    }

    [Fact]
    public void A_rank_below_one_is_refused() =>
        Assert.Contains("The rank is 0.", Assert.Throws<SepalException>(() => Separation.Apply(Lower(new Conv2D(2, 3)), 0)).Message, StringComparison.Ordinal);

    private static Graph Lower(Conv2D layer)
    {
        LayerOutput input = new Input(12, 14, 6);
        return ModelLowering.Lower([input], [layer.Apply(input)]);
    }
}
