using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Tests.Operators;
using Xunit;
using IActivation = Sepal.Operators.IActivation;

namespace Sepal.Tests.Execution.Lowering;

/// <summary>Nodes of a training plan computed together give what they give apart, which is checked against references elsewhere.</summary>
public sealed class TrainingFusionTests
{
    private const int Size = 11;

    public static TheoryData<string, int, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int, int>();
            foreach (string activation in (string[])["relu", "relu6", "hard_swish", "swish", "sigmoid", "none"])
            {
                cases.Add(activation, 5, 1, 3);
                cases.Add(activation, 16, 2, 9);
            }

            foreach (int channels in (int[])[1, 3, 8, 17, 33, 64])
            {
                cases.Add("relu", channels, 1, 10);
                cases.Add("relu", channels, 2, 10);
                cases.Add("relu", channels, 2, 2);

                // Many images: parts are whole ones, and values between the convolutions are not written.
                cases.Add("relu", channels, 1, 17);
                cases.Add("hard_swish", channels, 2, 17);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nodes_together_give_what_they_give_apart(string activation, int channels, int strides, int batch)
    {
        Graph graph = Build(Of(activation), channels, strides);
        Dictionary<string, float[]> values = Values(graph, batch);
        float[] gradient = TestNumbers.Uniform(new Random(2), batch * 4);
        TrainingRun together = GraphHarness.Train(graph, values, [gradient], batch, new RunOptions());
        TrainingRun apart = GraphHarness.Train(graph, values, [gradient], batch, new RunOptions { Fuses = false });
        AssertNear(apart.Outputs[0], together.Outputs[0], "output");
        foreach ((string name, float[] expected) in apart.Gradients)
        {
            AssertNear(expected, together.Gradients[name], $"gradient by {name}");
        }

        foreach ((string name, float[] expected) in apart.Parameters)
        {
            AssertNear(expected, together.Parameters[name], name);
        }

        foreach (RunOptions options in RunOptions.Variants)
        {
            OperatorHarness.AssertSame(together, GraphHarness.Train(graph, values, [gradient], batch, options), options.ToString());
        }
    }

    /// <summary>
    /// Images of several strips, whose rows overlap, at the borders of which there is padding. The function is smooth: a sum made in another
    /// order cannot change a gradient by much.
    /// </summary>
    [Theory]
    [InlineData(40, 64, 3, 1, 1)]
    [InlineData(40, 72, 5, 1, 1)]
    [InlineData(61, 80, 3, 2, 1)]
    [InlineData(80, 33, 5, 3, 1)]
    [InlineData(45, 32, 3, 1, 3)]
    public void Strips_of_large_images_give_what_whole_ones_give(int size, int channels, int kernelSize, int strides, int dilation)
    {
        var input = new Input(size, size, 2);
        LayerOutput features = Normalized(new Conv2D(channels, 1) { UseBias = false }.Apply(input), Activations.Swish);
        features = Normalized(
            new DepthwiseConv2D(kernelSize) { Strides = strides, DilationRate = dilation, Padding = Padding2D.Same, UseBias = false }.Apply(features),
            Activations.Swish);
        using var model = new Model(input, new Conv2D(3, 1).Apply(features));
        const int Batch = 16;
        AssertSameApart(model.Graph, Batch);
        float[] gradient = new float[Batch * (int)model.Graph.Outputs[0].Shape.WithoutBatch().ElementCount.Value];
        string[] steps = GraphHarness.Train(model.Graph, Values(model.Graph, Batch), [gradient], Batch, new RunOptions()).Steps;
        Assert.DoesNotContain(steps, step => step.StartsWith("batch_normalization: normalize", StringComparison.Ordinal));
    }

    [Fact]
    public void Activations_and_sums_have_no_steps_of_their_own()
    {
        Graph graph = Build(Activations.Relu, channels: 16, strides: 2);
        string[] steps = GraphHarness.Train(graph, Values(graph, 9), [new float[36]], 9, new RunOptions()).Steps;
        Assert.DoesNotContain(steps, step => step.Contains("activation", StringComparison.Ordinal));
        Assert.DoesNotContain(steps, step => step.Contains("partial statistics", StringComparison.Ordinal));

        // The last one's gradient comes from pooling, which makes no sums.
        Assert.Single(steps, step => step.Contains("partial sums for gradients", StringComparison.Ordinal));
    }

    [Fact]
    public void A_value_that_something_else_reads_too_is_not_fused_away()
    {
        var input = new Input(Size, Size, 2);
        LayerOutput normalized = new BatchNormalization().Apply(new Conv2D(6, 3).Apply(input));
        LayerOutput output = new Add().Apply(new Activation(Activations.Relu).Apply(normalized), normalized);
        using var model = new Model(input, new GlobalAveragePooling2D().Apply(output));
        Dictionary<string, float[]> values = Values(model.Graph, 3);
        float[] gradient = TestNumbers.Uniform(new Random(2), 18);
        TrainingRun together = GraphHarness.Train(model.Graph, values, [gradient], 3, new RunOptions());
        TrainingRun apart = GraphHarness.Train(model.Graph, values, [gradient], 3, new RunOptions { Fuses = false });
        Assert.Contains(together.Steps, step => step.Contains("activation", StringComparison.Ordinal));
        foreach ((string name, float[] expected) in apart.Gradients)
        {
            AssertNear(expected, together.Gradients[name], name);
        }
    }

    /// <summary>
    /// What a convolution makes of its own part of a gradient is no sum of all of it, and that part cannot be written over while
    /// another one is to be added.
    /// </summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_skip_connection_past_a_convolution_keeps_its_gradient(bool isActivated, bool isPointwise)
    {
        const int Channels = 6;
        const int Batch = 3;
        var input = new Input(Size, Size, 2);
        LayerOutput features = Normalized(
            new Conv2D(Channels, 3) { UseBias = false }.Apply(input), isActivated ? Activations.Relu : null);
        Layer inner = isPointwise ? new Conv2D(Channels, 1) { UseBias = false } : new DepthwiseConv2D(3) { Padding = Padding2D.Same };
        LayerOutput sum = new Add().Apply(inner.Apply(features), features);
        using var model = new Model(input, new GlobalAveragePooling2D().Apply(new Activation(Activations.Swish).Apply(sum)));
        AssertSameApart(model.Graph, Batch);
    }

    /// <summary>Both sides of an addition are given one and the same gradient, which neither may write over.</summary>
    [Fact]
    public void Normalizations_that_are_added_up_leave_each_other_the_gradient()
    {
        const int Channels = 6;
        const int Batch = 3;
        var input = new Input(Size, Size, 2);
        LayerOutput left = Normalized(new Conv2D(Channels, 3) { UseBias = false }.Apply(input), activation: null);
        LayerOutput right = Normalized(new Conv2D(Channels, 3) { UseBias = false }.Apply(input), Activations.Relu);
        using var model = new Model(input, new GlobalAveragePooling2D().Apply(new Activation(Activations.Swish).Apply(new Add().Apply(left, right))));
        AssertSameApart(model.Graph, Batch);
    }

    [Fact]
    public void A_value_that_is_a_result_of_the_graph_is_not_fused_away()
    {
        const int Batch = 3;
        var input = new Input(Size, Size, 2);
        LayerOutput normalized = new BatchNormalization().Apply(new Conv2D(6, 3).Apply(input));
        LayerOutput activated = new Activation(Activations.Relu).Apply(normalized);
        LayerOutput rectified = new Activation(Activations.Relu).Apply(new Conv2D(4, 3).Apply(activated));
        LayerOutput pooled = new MaxPooling2D(2).Apply(rectified);
        using var model = new Model([input], [normalized, rectified, pooled]);
        AssertSameApart(model.Graph, Batch);
    }

    /// <summary>Bit by bit, with windows that overlap, are cut off, hold nothing positive, and hold several equal elements.</summary>
    [Theory]
    [InlineData(1, 2, 2, false)]
    [InlineData(16, 2, 2, false)]
    [InlineData(17, 2, 2, true)]
    [InlineData(32, 3, 2, true)]
    [InlineData(5, 3, 1, false)]
    [InlineData(20, 2, 3, false)]
    public void A_pooled_rectifier_gives_the_same_after_the_pooling(int channels, int window, int strides, bool isSame)
    {
        var input = new Input(Size, Size, channels);
        var pooling = new MaxPooling2D(window) { Strides = strides, Padding = isSame ? Padding2D.Same : Padding2D.Valid };
        LayerOutput pooled = pooling.Apply(new Activation(Activations.Relu).Apply(new DepthwiseConv2D(1) { UseBias = false }.Apply(input)));
        using var model = new Model(input, pooled);
        var random = new Random(5);
        const int batch = 3;
        float[] values = [.. Enumerable.Range(0, batch * Size * Size * channels).Select(_ => (float)random.Next(-4, 3))];
        int count = batch * (int)model.Graph.Outputs[0].Shape.WithoutBatch().ElementCount.Value;
        float[] gradient = TestNumbers.Uniform(random, count);
        Dictionary<string, float[]> given = new()
        {
            [model.Graph.Inputs[0].Name] = values,
            [model.Graph.Parameters[0].Name] = [.. Enumerable.Repeat(1f, channels)],
        };
        TrainingRun together = GraphHarness.Train(model.Graph, given, [gradient], batch, new RunOptions());
        TrainingRun apart = GraphHarness.Train(model.Graph, given, [gradient], batch, new RunOptions { Fuses = false });
        OperatorHarness.AssertSame(apart, together, "together");
        Assert.Contains(apart.Steps, step => step.Contains("activation", StringComparison.Ordinal));
        Assert.DoesNotContain(together.Steps, step => step.Contains("activation", StringComparison.Ordinal));
        foreach (RunOptions options in RunOptions.Variants)
        {
            OperatorHarness.AssertSame(together, GraphHarness.Train(model.Graph, given, [gradient], batch, options), options.ToString());
        }
    }

    private static void AssertSameApart(Graph graph, int batch)
    {
        Dictionary<string, float[]> values = Values(graph, batch);
        var random = new Random(2);
        float[][] gradients =
        [
            .. graph.Outputs.Select(output => TestNumbers.Uniform(random, batch * (int)output.Shape.WithoutBatch().ElementCount.Value)),
        ];
        TrainingRun together = GraphHarness.Train(graph, values, gradients, batch, new RunOptions());
        TrainingRun apart = GraphHarness.Train(graph, values, gradients, batch, new RunOptions { Fuses = false });
        foreach ((int index, float[] expected) in apart.Outputs.Index())
        {
            AssertNear(expected, together.Outputs[index], $"output {index}");
        }

        foreach ((string name, float[] expected) in apart.Gradients)
        {
            AssertNear(expected, together.Gradients[name], $"gradient by {name}");
        }
    }

    private static IActivation? Of(string name) => name switch
    {
        "relu" => Activations.Relu,
        "relu6" => Activations.Relu6,
        "hard_swish" => Activations.HardSwish,
        "swish" => Activations.Swish,
        "sigmoid" => Activations.Sigmoid,
        _ => null,
    };

    private static Graph Build(IActivation? activation, int channels, int strides)
    {
        var input = new Input(Size, Size, 3);
        LayerOutput features = Normalized(new Conv2D(channels, 3) { Strides = 2, Padding = Padding2D.Same, UseBias = false }.Apply(input), activation);
        features = Normalized(
            new DepthwiseConv2D(3) { Strides = strides, Padding = Padding2D.Same, UseBias = false }.Apply(features), activation);
        features = Normalized(new Conv2D(2 * channels, 1) { UseBias = false }.Apply(features), activation);
        features = Normalized(new DepthwiseConv2D(3) { Padding = Padding2D.Same, UseBias = false }.Apply(features), activation);
        features = new Dense(4).Apply(new GlobalAveragePooling2D().Apply(features));
        using var model = new Model(input, features);
        return model.Graph;
    }

    private static LayerOutput Normalized(LayerOutput features, IActivation? activation)
    {
        LayerOutput normalized = new BatchNormalization { Momentum = 0.5f }.Apply(features);
        return activation is null ? normalized : new Activation(activation).Apply(normalized);
    }

    private static Dictionary<string, float[]> Values(Graph graph, int batch)
    {
        using var model = new Model(graph);
        model.Initialize(3);
        var random = new Random(4);
        Dictionary<string, float[]> values = graph.Parameters.ToDictionary(
            parameter => parameter.Name,
            parameter => parameter.Name.EndsWith("gamma", StringComparison.Ordinal) || parameter.Name.EndsWith("beta", StringComparison.Ordinal)
                ? TestNumbers.Uniform(random, model.GetParameter(parameter).Length, 0.2f, 1.5f)
                : model.GetParameter(parameter).ToArray());
        values.Add(graph.Inputs[0].Name, TestNumbers.Uniform(random, batch * (int)graph.Inputs[0].Shape.WithoutBatch().ElementCount.Value));
        return values;
    }

    private static void AssertNear(float[] expected, float[] actual, string what)
    {
        float largest = expected.Max(Math.Abs);
        for (int index = 0; index < expected.Length; index++)
        {
            float difference = Math.Abs(expected[index] - actual[index]);
            Assert.True(
                difference <= (1e-4f * largest) + 1e-6f, $"{what}[{index}]: {actual[index]} where {expected[index]} was expected");
        }
    }
}
