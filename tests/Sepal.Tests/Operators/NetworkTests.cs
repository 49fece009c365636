using Sepal.Graphs;
using Sepal.Layers;
using Xunit;

namespace Sepal.Tests.Operators;

/// <summary>A network of every kind of operator at once: memory planning over many lives, and the same bits however it is run.</summary>
public sealed class NetworkTests
{
    private static readonly Graph Network = Build();

    [Fact]
    public void Inference_gives_the_same_bits_however_it_is_run()
    {
        Dictionary<string, float[]> values = Values(3);
        float[] expected = GraphHarness.Infer(Network, values, 3, new RunOptions())[0];
        Assert.DoesNotContain(expected, float.IsNaN);
        foreach (RunOptions options in RunOptions.Variants)
        {
            Comparer.AssertSameBits(expected, GraphHarness.Infer(Network, values, 3, options)[0], [3, 10], options.ToString());
        }
    }

    [Fact]
    public void Inference_gives_an_image_the_same_bits_alone_as_in_a_batch()
    {
        Dictionary<string, float[]> values = Values(3);
        float[] together = GraphHarness.Infer(Network, values, 3, new RunOptions())[0];
        float[][] images = [.. values["input"].Chunk(values["input"].Length / 3)];
        float[] apart = [.. images.SelectMany(image =>
            GraphHarness.Infer(Network, new Dictionary<string, float[]>(values) { ["input"] = image }, 1, new RunOptions())[0])];
        Comparer.AssertSameBits(together, apart, [3, 10], "image by image");
    }

    [Fact]
    public void Training_gives_the_same_bits_however_it_is_run()
    {
        Dictionary<string, float[]> values = Values(3);
        float[] gradient = TestNumbers.Uniform(new Random(2), 30);
        TrainingRun expected = GraphHarness.Train(Network, values, [gradient], 3, new RunOptions());
        Assert.All(expected.Gradients, pair => Assert.DoesNotContain(pair.Value, float.IsNaN));
        foreach (RunOptions options in RunOptions.Variants)
        {
            OperatorHarness.AssertSame(
                expected, GraphHarness.Train(Network, values, [gradient], 3, options), options.ToString());
        }
    }

    private static Graph Build()
    {
        var input = new Input(19, 23, 3);
        LayerOutput stem = new Rescaling(1 / 2f).Apply(input);
        stem = new ZeroPadding2D(1).Apply(stem);
        stem = new Conv2D(12, 3) { Strides = 2, UseBias = false }.Apply(stem);
        stem = new Activation(Activations.HardSwish).Apply(new BatchNormalization().Apply(stem));
        LayerOutput spatial = new DepthwiseConv2D(3) { Padding = Padding2D.Same, Activation = Activations.Relu6 }.Apply(stem);
        LayerOutput attention = new Reshape(1, 1, 12).Apply(new GlobalAveragePooling2D().Apply(spatial));
        attention = new Dense(12) { Activation = Activations.HardSigmoid }.Apply(new Dense(4) { Activation = Activations.Swish }.Apply(attention));
        LayerOutput block = new Add().Apply(stem, new Multiply().Apply(spatial, attention));
        LayerOutput branches = new Concatenate().Apply(
            new MaxPooling2D { Padding = Padding2D.Same }.Apply(block),
            new AveragePooling2D { Padding = Padding2D.Same }.Apply(block),
            new SeparableConv2D(7, 3) { Strides = 2, Padding = Padding2D.Same, Activation = Activations.Gelu }.Apply(block));
        LayerOutput head = new Dropout(0.25f).Apply(new Flatten().Apply(branches));
        head = new Dense(20) { Activation = Activations.Tanh }.Apply(head);
        LayerOutput output = new Dense(10) { Activation = Activations.Softmax }.Apply(head);
        using var model = new Model(input, output);
        return model.Graph;
    }

    private static Dictionary<string, float[]> Values(int batch)
    {
        using var model = new Model(Network);
        model.Initialize(3);
        Dictionary<string, float[]> values = Network.Parameters.ToDictionary(
            parameter => parameter.Name, parameter => model.GetParameter(parameter).ToArray());
        values.Add("input", TestNumbers.Uniform(new Random(1), batch * 19 * 23 * 3));
        return values;
    }
}
