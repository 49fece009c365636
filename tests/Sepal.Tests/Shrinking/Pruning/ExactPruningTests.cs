using System.Collections.Immutable;
using System.Numerics.Tensors;
using Sepal.Architectures;
using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Onnx;
using Sepal.Operators;
using Sepal.Shrinking;
using Xunit;

namespace Sepal.Tests.Shrinking.Pruning;

/// <summary>Removing channels that nothing depends on leaves the outputs as they are.</summary>
public sealed class ExactPruningTests
{
    [Theory]
    [InlineData("vgg")]
    [InlineData("resnet18")]
    [InlineData("mobilenet-v1-0.25")]
    [InlineData("mobilenet-v2")]
    [InlineData("mobilenet-v3-small")]
    [InlineData("shufflenet-v2-0.5")]
    [InlineData("efficientnet-b0")]
    [InlineData("mnasnet-0.35")]
    public void Channels_that_no_layer_gives_weight_go_without_a_trace(string name)
    {
        using Model model = PruningData.Shaken(Network(name));
        var flow = ChannelFlow.Of(model.Graph);
        ImmutableArray<ChannelGroup> groups = ChannelGroup.Find(flow);
        HashSet<int> silent = [.. groups.SelectMany(group => group.Classes.Where((_, index) => index % 3 == 1))];
        PruningData.Silence(model, flow, silent);
        int free = groups.Sum(group => group.Classes.Length);
        Tensor<float> images = PruningData.Images(4, 64, 64, 3);

        PruningResult result = ChannelPruner.Prune(
            model,
            new PruningOptions { Ratio = (double)silent.Count / free, Multiple = 1, LargestShare = 0.9, Threads = 1 },
            PruningData.Dataset(images));

        using Model pruned = result.Model;
        Assert.True(silent.Count > 20, $"Only {silent.Count} of {free} classes.");
        Assert.True(PruningData.Difference(model.Predict(images), pruned.Predict(images)) < 1e-5, $"{PruningData.Difference(model.Predict(images), pruned.Predict(images))}");
        Assert.True(Macs(pruned) < 0.8 * Macs(model), $"{Macs(pruned):N0} of {Macs(model):N0}");
        foreach ((PruningGroup before, PruningGroup after) in ChannelPruner.Groups(model).Zip(result.Groups))
        {
            Assert.Equal(before.Layers, after.Layers);
            Assert.Equal(before.Channels, before.Kept);
            Assert.Equal(before.Channels, after.Channels);
        }
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("mobilenet-v1-0.25")]
    public void Channels_that_batch_normalization_silences_go_by_its_scale(string name)
    {
        using Model model = PruningData.Shaken(Network(name));
        var flow = ChannelFlow.Of(model.Graph);
        HashSet<int> silent = [.. ChannelGroup.Find(flow).SelectMany(group => group.Classes.Where((_, index) => index % 4 == 1))];
        foreach ((Node node, int[] channels) in flow.Normalizations)
        {
            foreach (Value value in node.Inputs.Skip(1).Take(2))
            {
                var parameter = (Parameter)value;
                model.SetParameter(parameter, [.. model.GetParameter(parameter).ToArray().Select(
                    (number, index) => silent.Contains(flow.Classes.Find(channels[index])) ? 0 : number)]);
            }
        }

        Tensor<float> images = PruningData.Images(4, 64, 64, 3);
        int free = ChannelGroup.Find(flow).Sum(group => group.Classes.Length);
        PruningResult result = ChannelPruner.Prune(
            model,
            new PruningOptions { Score = ChannelScore.BatchNormalizationScale, Ratio = (double)silent.Count / free, Multiple = 1, LargestShare = 0.9 });

        using Model pruned = result.Model;
        Assert.True(PruningData.Difference(model.Predict(images), pruned.Predict(images)) < 1e-5);
        Assert.True(Macs(pruned) < 0.9 * Macs(model));
    }

    [Theory]
    [InlineData("vgg", true)]
    [InlineData("resnet18", false)]
    [InlineData("shufflenet-v2-0.5", false)]
    [InlineData("mobilenet-v3-small", true)]
    [InlineData("efficientnet-b0", false)]
    public void What_is_left_of_half_the_channels_is_a_model_like_any_other(string name, bool folded)
    {
        using Model model = PruningData.Shaken(Network(name));
        Tensor<float> images = PruningData.Images(2, 64, 64, 3);
        PruningResult result = ChannelPruner.Prune(model, new PruningOptions { Ratio = 0.5 }, PruningData.Dataset(images));
        using Model pruned = result.Model;
        Assert.True(Macs(pruned) < 0.75 * Macs(model));
        Assert.All(result.Groups, group => Assert.InRange(group.Kept, 1, group.Channels));
        Assert.Equal(
            result.Groups.Where(group => group.Layers.Length == 1).Select(group => (long)group.Kept),
            result.Groups.Where(group => group.Layers.Length == 1).Select(group => pruned.Graph.Node(group.Layers[0]).Output.Spec.Channels.Value));

        using var stream = new MemoryStream();
        pruned.ExportOnnx(stream, new OnnxExportOptions { FoldBatchNormalization = folded });
        stream.Position = 0;
        using Model imported = OnnxModel.Import(stream);
        Assert.True(PruningData.Difference(pruned.Predict(images), imported.Predict(images)) < 1e-4);
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("shufflenet-v2-0.5")]
    [InlineData("mobilenet-v3-small")]
    [InlineData("vgg")]
    public void A_file_of_another_writer_is_pruned_alike(string name)
    {
        using Model model = PruningData.Shaken(Network(name));
        using var stream = new MemoryStream();
        model.ExportOnnx(stream, new OnnxExportOptions { FoldBatchNormalization = true });
        using Model foreign = ForeignFile.Import(stream.ToArray());
        Tensor<float> images = PruningData.Images(3, 64, 64, 3);
        PruningResult result = ChannelPruner.Prune(foreign, new PruningOptions { Ratio = 0.3, CorrectBias = false }, PruningData.Dataset(images));
        using Model pruned = result.Model;
        Assert.True(Macs(pruned) < 0.95 * Macs(foreign), $"{Macs(pruned):N0} of {Macs(foreign):N0}; {string.Join("; ", result.Groups)}");

        using Model again = PruningData.Shaken(Network(name));
        Assert.True(PruningData.Difference(again.Predict(images), foreign.Predict(images)) < 1e-4);
    }

    [Fact]
    public void Grouped_sliced_split_joined_transposed_and_reshaped_channels_are_followed()
    {
        var builder = new GraphBuilder();
        Value image = builder.Input("image", new TensorSpec([Dimension.Batch, 6, 5, 3]));
        Value first = Convolution("first", image, 3, 16, 3);
        Value grouped = Convolution("grouped", first, 16, 24, 1, groups: 4);
        Value left = builder.Add("left", new Slice([4], [24], [-1], [1]), [grouped]).Output;
        Value right = Convolution("right", image, 3, 12, 3);
        Value joined = builder.Add("joined", new Sepal.Operators.Concatenate(-1), [left, right]).Output;
        Node parts = builder.Add("parts", new Sepal.Operators.Split(-1, [10, 22]), [joined]);
        Value gate = builder.Add("mean", new Reduction(ReductionFunction.Mean, [1, 2]), [parts.Outputs[1]]).Output;
        gate = builder.Add("gate", new Sepal.Operators.Dense(22), [gate, Weights("gate/kernel", [22, 22]), Weights("gate/bias", [22])]).Output;
        gate = builder.Add("gate/sigmoid", new Unary(UnaryFunction.Sigmoid), [gate]).Output;
        gate = builder.Add("gate/image", new Sepal.Operators.Reshape([1, 1, 22]), [gate]).Output;
        Value gated = builder.Add("gated", new Binary(BinaryFunction.Multiply), [gate, parts.Outputs[1]]).Output;
        gated = builder.Add("shifted", new Binary(BinaryFunction.Add), [gated, builder.Constant("shift", TensorData.Of<float>([22], ElementType.Float32, Numbers(22).ToArray()))]).Output;
        Value both = builder.Add("both", new Sepal.Operators.Concatenate(3), [gated, parts.Outputs[0]]).Output;
        Value planar = builder.Add("planar", new Transpose([0, 3, 1, 2]), [both]).Output;
        Value row = builder.Add("row", new Sepal.Operators.Flatten(), [planar]).Output;
        Value output = builder.Add("scores", new MatMul(), [row, Weights("scores/kernel", [32 * 30, 5])]).Output;
        using var model = new Model(builder.Build(output));
        var flow = ChannelFlow.Of(model.Graph);
        ImmutableArray<ChannelGroup> groups = ChannelGroup.Find(flow);
        HashSet<int> silent = [.. groups.SelectMany(group => group.Classes.Where((_, index) => index % 3 == 1))];
        PruningData.Silence(model, flow, silent);
        Tensor<float> images = PruningData.Images(4, 6, 5, 3);
        PruningResult result = ChannelPruner.Prune(
            model,
            new PruningOptions { Ratio = (double)silent.Count / groups.Sum(group => group.Classes.Length), Multiple = 1, LargestShare = 0.9 },
            PruningData.Dataset(images));
        using Model pruned = result.Model;
        Assert.True(PruningData.Difference(model.Predict(images), pruned.Predict(images)) < 1e-5);
        var remaining = (Convolution)pruned.Graph.Node("grouped").Operator;
        Assert.Equal((12, 2), (remaining.Filters, remaining.Groups));
        Assert.Equal("they are an output of the model", result.Groups[^1].Reason);

        Value Convolution(string name, Value input, int channels, int filters, int size, int groups = 1) => builder.Add(
            name,
            new Convolution(filters, size) { Groups = groups, Padding = Padding2D.Same },
            [input, Weights($"{name}/kernel", [size, size, channels / groups, filters]), Weights($"{name}/bias", [filters])]).Output;

        Parameter Weights(string name, Shape shape) =>
            builder.Parameter(name, shape, new Sepal.Training.Initializers.Given(Numbers((int)shape.ElementCount.Value).ToArray()));

        IEnumerable<float> Numbers(int count)
        {
            var random = new Random(count);
            return Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.4f) * 0.5f);
        }
    }

    [Fact]
    public void The_mean_of_what_goes_is_made_up_for_in_a_bias_a_batch_normalization_or_a_new_bias()
    {
        Sequential model =
        [
            new Input(12, 12, 2),
            new Conv2D(8, 3) { Activation = Activations.Relu },
            new Conv2D(8, 3) { Activation = Activations.Relu },
            new Conv2D(8, 3) { UseBias = false },
            new Sepal.Layers.BatchNormalization(),
            new Sepal.Layers.Activation(Activations.Relu),
            new Conv2D(8, 3) { UseBias = false, Activation = Activations.Relu },
            new Sepal.Layers.Flatten(),
            new Sepal.Layers.Dense(5) { UseBias = false },
        ];
        using Model owned = PruningData.Shaken(model);
        foreach (Parameter parameter in model.Graph.Parameters.Where(parameter => parameter.Shape.Rank > 1))
        {
            // Positive, so that no channel is silent by chance.
            model.SetParameter(parameter, [.. model.GetParameter(parameter).ToArray().Select(Math.Abs)]);
        }

        // Channel 3 of every layer is 0.7, whatever comes in.
        foreach (Node node in model.Graph.Nodes.Where(node => node.Operator is Convolution))
        {
            Set(node.Inputs[1], 8, 0);
            if (node.Inputs.Length == 3)
            {
                Set(node.Inputs[2], 8, 0.7f);
            }
        }

        Node normalization = model.Graph.Nodes.Single(node => node.Operator is Sepal.Operators.BatchNormalization);
        Set(normalization.Inputs[1], 8, 0);
        Set(normalization.Inputs[2], 8, 0.7f);
        Tensor<float> images = PruningData.Images(6, 12, 12, 2);
        var options = new PruningOptions { Ratio = 1.0 / 8, Multiple = 1 };

        using Model corrected = ChannelPruner.Prune(model, options, PruningData.Dataset(images)).Model;
        Assert.Equal(4, corrected.Graph.Nodes.Count(node => node.Operator is Convolution { Filters: 7 }));
        Assert.True(PruningData.Difference(model.Predict(images), corrected.Predict(images)) < 1e-5);

        using Model uncorrected = ChannelPruner.Prune(model, options with { CorrectBias = false, Score = ChannelScore.ActivationEnergy }, PruningData.Dataset(images)).Model;
        Assert.True(PruningData.Difference(model.Predict(images), uncorrected.Predict(images)) > 1e-3);
        Assert.Contains(corrected.Graph.Nodes, node => node.Operator is Sepal.Operators.Dense or Convolution && node.Inputs.Length == 3 && node.Inputs[2].Name.EndsWith("mean_of_removed", StringComparison.Ordinal));

        void Set(Value value, int channels, float number)
        {
            var parameter = (Parameter)value;
            float[] numbers = model.GetParameter(parameter).ToArray();
            for (int index = 3; index < numbers.Length; index += channels)
            {
                numbers[index] = number;
            }

            model.SetParameter(parameter, numbers);
        }
    }

    private static long Macs(Model model) => ModelCost.Of(model.Graph).MultiplyAccumulates;

    private static Model Network(string name)
    {
        if (name != "vgg")
        {
            return (Architecture.Create(name) with { Classes = 7, InputShape = [64, 64, 3], ClassifierActivation = null }).Build();
        }

        Sequential model =
        [
            new Input(64, 64, 3),
            new Conv2D(16, 3) { Padding = Padding2D.Same, Activation = Activations.Relu },
            new Conv2D(16, 3) { Padding = Padding2D.Same, Activation = Activations.Relu },
            new MaxPooling2D(4),
            new Conv2D(32, 3) { Padding = Padding2D.Same, Activation = Activations.Relu },
            new Conv2D(32, 3) { Padding = Padding2D.Same, Activation = Activations.Relu },
            new MaxPooling2D(4),
            new Sepal.Layers.Flatten(),
            new Sepal.Layers.Dense(24) { Activation = Activations.Relu },
            new Sepal.Layers.Dropout(0.5f),
            new Sepal.Layers.Dense(7),
        ];
        model.Initialize(4);
        return model;
    }
}
