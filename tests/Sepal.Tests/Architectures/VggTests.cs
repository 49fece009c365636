using Sepal.Architectures;
using Sepal.Costs;
using Sepal.Graphs;
using Xunit;

namespace Sepal.Tests.Architectures;

public sealed class VggTests
{
    /// <summary>The paper's three fully connected layers, 25,088 → 4096 → 4096 → 1000: weights, and biases.</summary>
    private const long ConnectedWeights = (25_088L * 4096) + (4096L * 4096) + (4096L * 1000);
    private const long ConnectedBiases = 4096 + 4096 + 1000;

    /// <summary>The parameters of torchvision's <c>vgg11_bn</c> and so on, whose convolutions have a bias each channel.</summary>
    [Theory]
    [InlineData("vgg11", 132_868_840, 2752)]
    [InlineData("vgg13", 133_053_736, 2944)]
    [InlineData("vgg16", 138_365_992, 4224)]
    [InlineData("vgg19", 143_678_248, 5504)]
    public void Parameters_are_the_reference_implementations_but_for_biases_and_the_classifier(string name, long reference, long biases) =>
        Assert.Equal(
            reference - biases - ConnectedWeights - ConnectedBiases + (513 * 1000),
            ModelCost.Of(Architecture.Create(name).BuildGraph()).TrainableParameters);

    /// <summary>In thousands of millions, as torchvision lists them.</summary>
    [Theory]
    [InlineData("vgg11", 7.61)]
    [InlineData("vgg13", 11.31)]
    [InlineData("vgg16", 15.47)]
    [InlineData("vgg19", 19.63)]
    public void Multiply_adds_are_the_reference_implementations_but_for_the_classifier(string name, double reference) => Assert.Equal(
        reference,
        (ModelCost.Of(Architecture.Create(name).BuildGraph()).MultiplyAccumulates - (512 * 1000) + ConnectedWeights) / 1e9,
        0.005);

    [Theory]
    [InlineData("vgg13-0.375", 1_326_274)]
    [InlineData("vgg13-0.5", 2_355_882)]
    public void Parameters_of_narrow_ones_for_small_grey_images_are_those_documented(string name, long parameters) => Assert.Equal(
        parameters,
        ModelCost.Of((Architecture.Create(name) with { Classes = 10, InputShape = [28, 28, 1], Strides = Vgg.StridesFor(28) }).BuildGraph()).TrainableParameters);

    [Theory]
    [InlineData(3, 3)]
    [InlineData(28, 3)]
    [InlineData(32, 4)]
    [InlineData(64, 4)]
    [InlineData(96, 3)]
    [InlineData(224, 7)]
    public void Strides_leave_a_few_rows_at_the_end(int size, int rows)
    {
        Graph graph = new Vgg { InputShape = [size, size, 3], Strides = Vgg.StridesFor(size) }.BuildGraph();

        Assert.Equal(rows, graph.Node("pool").Inputs[0].Shape[1].Value);
    }

    [Fact]
    public void Most_of_the_work_on_small_images_is_on_few_pixels() =>
        Assert.Equal([2, 2, 2, 1, 1], Vgg.StridesFor(28).Select(stride => stride.Height));

    [Theory]
    [InlineData(12)]
    [InlineData(0)]
    public void A_depth_that_the_paper_has_not_is_refused(int depth)
    {
        SepalException exception = Assert.Throws<SepalException>(new Vgg { Depth = depth }.BuildGraph);
        Assert.Equal($"Vgg: its depth is {depth}. Give one of the paper's: 11, 13, 16 or 19.", exception.Message);
    }
}
