using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Layers;
using Xunit;

namespace Sepal.Tests.Graphs;

public sealed class ModelLoweringTests
{
    [Fact]
    public void Names_come_from_the_class_and_are_numbered_from_the_second_on()
    {
        using Sequential model =
        [
            new Input(8, 8, 3),
            new Conv2D(4, 3),
            new Conv2D(4, 3) { Activation = Activations.Relu },
            new SeparableConv2D(4, 3),
            new GlobalAveragePooling2D(),
            new Dense(2) { Name = "head" },
        ];
        Assert.Equal(
            [
                "conv2d", "conv2d_1", "conv2d_1/relu", "separable_conv2d/depthwise", "separable_conv2d/pointwise",
                "global_average_pooling2d", "head",
            ],
            model.Graph.Nodes.Select(node => node.Name));
        Assert.Equal("Conv2D", model.Graph.Node("conv2d_1/relu").LayerType);
        Assert.Equal("separable_conv2d", model.Graph.Node("separable_conv2d/depthwise").LayerName);
        Assert.Equal(
            [
                "conv2d/kernel", "conv2d/bias", "conv2d_1/kernel", "conv2d_1/bias", "separable_conv2d/depthwise_kernel",
                "separable_conv2d/pointwise_kernel", "separable_conv2d/bias", "head/kernel", "head/bias",
            ],
            model.Graph.Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void A_default_name_gives_way_to_one_that_was_given()
    {
        using Sequential model = [new Input(8), new Dense(4) { Name = "dense_1" }, new Dense(4), new Dense(4)];
        Assert.Equal(["dense_1", "dense", "dense_2"], model.Graph.Nodes.Select(node => node.Name));
    }

    [Fact]
    public void A_layer_applied_twice_shares_its_parameters()
    {
        var input = new Input(5);
        var shared = new Dense(5) { Name = "shared" };
        using var model = new Model(input, new Add().Apply(shared.Apply(input), shared.Apply(new Activation(Activations.Relu).Apply(input))));
        Assert.Equal(["shared/kernel", "shared/bias"], model.Graph.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(["shared", "activation", "shared/again_1", "add"], model.Graph.Nodes.Select(node => node.Name));
        Assert.Equal(2, model.Graph.Consumers(model.Graph.Parameters[0]).Length);
    }

    [Fact]
    public void A_layer_shared_between_different_channels_is_refused()
    {
        var input = new Input(5);
        var shared = new Dense(6) { Name = "shared" };
        AssertError(() => new Model(input, shared.Apply(shared.Apply(input))), "'shared", "kernel", "(5, 6)", "(6, 6)");
    }

    [Fact]
    public void Branches_are_lowered_once_and_joined()
    {
        var input = new Input(8, 8, 4);
        LayerOutput stem = new Conv2D(4, 1).Apply(input);
        LayerOutput sum = new Add().Apply(stem, new Conv2D(4, 1).Apply(stem), new Conv2D(4, 1).Apply(stem));
        using var model = new Model([input], [sum, new GlobalMaxPooling2D().Apply(sum)]);
        Assert.Equal(["conv2d", "conv2d_1", "conv2d_2", "add/step_1", "add", "global_max_pooling2d"], model.Graph.Nodes.Select(node => node.Name));
        Assert.Equal(3, model.Graph.Consumers(model.Graph.Node("conv2d").Output).Length);
        Assert.Equal([Dimension.Batch, 4], model.Graph.Outputs[1].Shape);
    }

    [Fact]
    public void Options_become_attributes()
    {
        using Sequential model = [new Input(9, 9, 4), new DepthwiseConv2D((3, 5)) { Strides = (2, 1), DilationRate = (1, 2), DepthMultiplier = 3, Padding = 4 }];
        var convolution = Assert.IsType<Sepal.Operators.Convolution>(Assert.Single(model.Graph.Nodes).Operator);
        Assert.Equal(new Sepal.Operators.Convolution(12, (3, 5)) { Strides = (2, 1), DilationRate = (1, 2), Groups = 4, Padding = 4 }, convolution);
    }

    [Fact]
    public void Batch_normalization_trains_scale_and_offset_only_and_nothing_when_frozen()
    {
        using Sequential model = [new Input(3), new BatchNormalization()];
        Assert.Equal([true, true, false, false], model.Graph.Parameters.Select(parameter => parameter.Trainable));
        using Sequential frozen = [new Input(3), new BatchNormalization { Trainable = false }];
        Assert.All(frozen.Graph.Parameters, parameter => Assert.False(parameter.Trainable));
        Assert.True(Assert.IsType<Sepal.Operators.BatchNormalization>(frozen.Graph.Nodes[0].Operator).Frozen);
    }

    [Fact]
    public void Fans_are_those_of_Keras()
    {
        using Sequential model = [new Input(9, 9, 4), new Conv2D(6, (3, 5)), new DepthwiseConv2D(3) { DepthMultiplier = 2 }, new SeparableConv2D(7, 3), new Flatten(), new Dense(10)];
        Dictionary<string, (long In, long Out)> fans = model.Graph.Parameters
            .Where(parameter => parameter.Name.EndsWith("kernel", StringComparison.Ordinal))
            .ToDictionary(parameter => parameter.Name, parameter => (parameter.Fans.In, parameter.Fans.Out));
        Assert.Equal((15 * 4, 15 * 6), fans["conv2d/kernel"]);
        Assert.Equal((9 * 6, 9 * 2), fans["depthwise_conv2d/depthwise_kernel"]);
        Assert.Equal((9 * 12, 9 * 1), fans["separable_conv2d/depthwise_kernel"]);
        Assert.Equal((12, 7), fans["separable_conv2d/pointwise_kernel"]);
        Assert.Equal((21, 10), fans["dense/kernel"]);
    }

    [Fact]
    public void Sequential_needs_an_input_and_a_layer()
    {
        AssertError(() => new Sequential(), "no layers");
        AssertError(() => new Sequential(new Input(3)), "Input");
        AssertError(() => new Sequential(new Dense(3), new Dense(3)), "Dense, Dense", "new Input(");
        AssertError(() => new Sequential(new Input(3), new Input(3)), "an input cannot be applied");
    }

    [Fact]
    public void A_model_s_inputs_are_inputs_and_all_of_them()
    {
        var left = new Input(3);
        var right = new Input(3);
        LayerOutput sum = new Add().Apply(left, right);
        AssertError(() => new Model(left, sum), "(3)", "not among its inputs");
        AssertError(() => new Model(new Dense(3).Apply(left), sum), "Input layers", "Dense");
        using var model = new Model([left, right], [sum]);
        Assert.Equal(2, model.Graph.Inputs.Length);
    }

    [Theory]
    [MemberData(nameof(Misfits))]
    public void A_layer_that_does_not_fit_is_named(Layer layer, string part) =>
        AssertError(() => new Sequential(new Input(8, 8, 3), layer), "'wrong'", part);

    public static TheoryData<Layer, string> Misfits() => new()
    {
        { new Conv2D(0, 3) { Name = "wrong" }, "0 filters" },
        { new Conv2D(4, (3, 0)) { Name = "wrong" }, "kernel size" },
        { new Conv2D(4, 3) { Name = "wrong", Strides = 0 }, "strides" },
        { new Conv2D(4, 3) { Name = "wrong", Groups = 2 }, "2 groups" },
        { new Conv2D(4, 9) { Name = "wrong" }, "covers 9 in height" },
        { new DepthwiseConv2D(3) { Name = "wrong", DepthMultiplier = 0 }, "depth multiplier is 0" },
        { new SeparableConv2D(-1, 3) { Name = "wrong" }, "-1 filters" },
        { new Dense(0) { Name = "wrong" }, "0 units" },
        { new Dropout(1) { Name = "wrong" }, "the rate is 1" },
        { new Add { Name = "wrong" }, "was given 1 input(s)" },
        { new Reshape(7) { Name = "wrong" }, "does not hold 192 elements" },
    };

    [Fact]
    public void Two_layers_of_one_name_are_refused() => AssertError(
        () => new Sequential(new Input(3), new Dense(3) { Name = "same" }, new Dense(3) { Name = "same" }),
        "Two layers are named 'same'");

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    public void A_penalty_that_rewards_large_weights_is_refused(float penalty) =>
        AssertError(() => new Sequential(new Input(5), new Dense(2) { KernelL2 = penalty }), "dense/kernel", "L2 penalty", "at least 0");

    [Fact]
    public void Missing_layers_inputs_and_outputs_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new Sequential(new Input(5), null!));
        Assert.Throws<ArgumentNullException>(() => new Dense(2).Apply([null!]));
        Assert.Throws<ArgumentNullException>(() => new Model((LayerOutput)null!, new Input(5)));
        AssertError(() => new Model(default(ImmutableArray<LayerOutput>), [Input.FromInput(new Input(5))]), "no inputs");
        AssertError(() => new Model([Input.FromInput(new Input(5))], default(ImmutableArray<LayerOutput>)), "no outputs");
        AssertError(() => new Sequential(default(ImmutableArray<Layer>)), "no layers");
    }

    private static void AssertError(Func<IDisposable> build, params string[] parts)
    {
        var exception = Assert.ThrowsAny<GraphException>(() => build());
        Assert.All(parts, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }
}
