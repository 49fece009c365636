using Sepal.Architectures;
using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Architectures;

/// <summary>Names, options and the nodes that they make.</summary>
public sealed class ArchitectureTests
{
    public static TheoryData<string> Names { get; } = [.. Architecture.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_gives_an_architecture_of_that_name(string name) => Assert.Equal(name, Architecture.Create(name).Name);

    [Theory]
    [InlineData("mobilenet-v1-0.5", 0.5)]
    [InlineData("MobileNet-V2-1.4", 1.4)]
    [InlineData("mobilenet-v3-large-0.75", 0.75)]
    [InlineData("mobilenet-v3-small-1", 1)]
    [InlineData("mnasnet", 1)]
    [InlineData("mnasnet-0.35", 0.35)]
    [InlineData("shufflenet-v2-1.5", 1.5)]
    [InlineData("resnet18-0.25", 0.25)]
    [InlineData("vgg16-0.5", 0.5)]
    public void A_name_may_have_another_width(string name, double width) => Assert.Equal(width, Architecture.Create(name).Width);

    [Theory]
    [InlineData("mobilnet-v2", "mobilenet-v2")]
    [InlineData("resnet-18", "resnet18")]
    [InlineData("exception", "xception")]
    [InlineData("shufflenet-v2-1.o", "shufflenet-v2-1.0")]
    public void An_unknown_name_is_answered_with_the_nearest(string name, string nearest)
    {
        SepalException exception = Assert.Throws<SepalException>(() => Architecture.Create(name));
        Assert.StartsWith($"There is no architecture '{name}'. Did you mean '{nearest}'?", exception.Message, StringComparison.Ordinal);
        Assert.False(Architecture.TryCreate(name, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mobilenet-v1-")]
    [InlineData("mobilenet-v1-0")]
    [InlineData("mobilenet-v1--1")]
    [InlineData("mobilenet-v1-1e9")]
    [InlineData("mobilenet-v10.5")]
    [InlineData("xception-0.5")]
    [InlineData("vgg12")]
    public void A_name_that_nothing_has_is_refused(string name)
    {
        SepalException exception = Assert.Throws<SepalException>(() => Architecture.Create(name));
        Assert.Contains("There are mobilenet-v1, ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_node_has_a_path_of_its_own_and_the_output_has_the_classes(string name)
    {
        Graph graph = (Architecture.Create(name) with { Classes = 7, InputShape = [64, 96, 1] }).BuildGraph();
        Assert.Equal(new Shape(64, 96, 1).WithBatch(), graph.Inputs[0].Shape);
        Assert.Equal(new Shape(7).WithBatch(), graph.Outputs[0].Shape);
        Assert.Equal("predictions/softmax", graph.Outputs[0].Name);
        Assert.All(graph.Nodes.Where(node => node.Operator is Convolution), node => Assert.Contains('/', node.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Strides_of_one_leave_every_row_and_column(string name)
    {
        Architecture architecture = Architecture.Create(name) with { InputShape = [20, 12, 3], Strides = [1, 1, 1, 1, 1] };
        Graph graph = architecture.BuildGraph();
        Shape last = graph.Node("pool").Inputs[0].Shape;

        // Xception's first two convolutions are not padded.
        int lost = name == "xception" ? 4 : 0;
        Assert.Equal((20 - lost, 12 - lost), (last[1].Value, last[2].Value));
        Assert.All(graph.Nodes.Select(node => node.Operator).OfType<Convolution>(), convolution => Assert.Equal(1, convolution.Strides));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_strides_halve_the_image_five_times(string name)
    {
        Architecture architecture = Architecture.Create(name) with { InputShape = [96, 64, 3] };
        if (architecture is MobileNetSmall)
        {
            // Its own strides are for images that leave nothing to halve five times.
            Assert.Equal([1, 1, 2, 2, 1], architecture.Strides);
            architecture = architecture with { Strides = MobileNetSmall.StridesFor(224) };
        }

        for (int place = 0; place < 5; place++)
        {
            Graph graph = (architecture with { Strides = architecture.Strides.SetItem(place, (2, 1)) }).BuildGraph();
            Shape last = graph.Node("pool").Inputs[0].Shape;
            Assert.Equal((3, 4), (last[1].Value, last[2].Value));
        }
    }

    [Fact]
    public void MobileNet_for_small_images_keeps_its_size_at_first()
    {
        Graph graph = new MobileNetV1 { Classes = 10, InputShape = [32, 32, 3], Strides = [1, 1, 2, 2, 2] }.BuildGraph();
        Assert.Equal(new Shape(32, 32, 32).WithBatch(), graph.Node("stem/conv").Output.Shape);
        Assert.Equal(new Shape(32, 32, 64).WithBatch(), graph.Node("block_2/depthwise/conv").Output.Shape);
        Assert.Equal(new Shape(16, 16, 128).WithBatch(), graph.Node("block_4/depthwise/conv").Output.Shape);
        Assert.Equal(new Shape(4, 4, 1024).WithBatch(), graph.Node("block_13/pointwise/relu").Output.Shape);
        Assert.Equal(4_231_976 - (1025 * 990), ModelCost.Of(graph).TrainableParameters);
    }

    [Fact]
    public void Reports_group_the_layers_by_block()
    {
        ModelCost cost = ModelCost.Of(new MobileNetV2().BuildGraph());
        Assert.Equal(
            ["stem Block", .. Enumerable.Range(1, 17).Select(number => $"block_{number} Block"), "top Block", "pool GlobalAveragePooling2D", "dropout Dropout", "predictions Dense"],
            cost.Layers.Select(layer => $"{layer.Name} {layer.Type}"));
    }

    [Fact]
    public void The_classifiers_activation_may_be_left_out_or_dropout()
    {
        Graph graph = (Architecture.Create("mobilenet-v2") with { ClassifierActivation = null, DropoutRate = 0 }).BuildGraph();
        Assert.Equal("predictions", graph.Outputs[0].Name);
        Assert.DoesNotContain(graph.Nodes, node => node.Operator is Sepal.Operators.Dropout);
    }

    [Fact]
    public void The_activation_of_MobileNet_is_an_option()
    {
        Graph graph = new MobileNetV1 { Activation = Activations.Relu6 }.BuildGraph();
        Assert.Contains(graph.Nodes, node => node.Name == "block_5/depthwise/relu6");
    }

    [Fact]
    public void Widths_are_rounded_to_multiples_of_8_and_lose_a_tenth_at_most()
    {
        // 0.35·24 = 8.4 would be 8; 0.35·32 = 11.2 rounds to 8, which loses too much, and is 16.
        Graph graph = new MobileNetV2 { Width = 0.35 }.BuildGraph();
        Assert.Equal(16, graph.Node("stem/conv").Output.Spec.Channels.Value);
        Assert.Equal(8, graph.Node("block_2/project/conv").Output.Spec.Channels.Value);
        Assert.Equal(1280, graph.Node("top/conv").Output.Spec.Channels.Value);
    }

    public static TheoryData<Architecture, string> BadOptions { get; } = new()
    {
        { new MobileNetV1 { Classes = 0 }, "0 classes" },
        { new MobileNetV2 { Width = 0 }, "width is 0" },
        { new MobileNetV2 { Width = double.NaN }, "width is NaN" },
        { new MobileNetV2 { Width = 1e12 }, "channels" },
        { new MnasNet { InputShape = [224, 224] }, "(224, 224)" },
        { new MnasNet { InputShape = [224, 224, 0] }, "(224, 224, 0)" },
        { new ResNet18 { Strides = [2, 2, 2] }, "[2×2, 2×2, 2×2]" },
        { new ResNet18 { Strides = [2, 2, 2, 2, 0] }, "0×0" },
        { new ResNet18 { Strides = default }, "strides are none" },
        { new EfficientNetB0 { DropoutRate = 1 }, "dropout rate is 1" },
        { new ShuffleNetV2 { Width = 0.7 }, "width is 0.7" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Options_out_of_range_are_refused(Architecture architecture, string said)
    {
        SepalException exception = Assert.ThrowsAny<SepalException>(architecture.BuildGraph);
        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_is_too_small_is_refused() =>
        Assert.Throws<GraphException>(() => new Xception { InputShape = [4, 4, 3] }.BuildGraph());
}
