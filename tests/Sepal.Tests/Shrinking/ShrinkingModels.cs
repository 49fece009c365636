using System.Numerics.Tensors;
using Sepal.Layers;
using Sepal.Tests.Onnx;
using Sepal.Tests.Operators;

namespace Sepal.Tests.Shrinking;

/// <summary>Small networks to shrink, with numbers of their own everywhere, and images for them.</summary>
internal static class ShrinkingModels
{
    public const int Side = 12;

    /// <summary>
    /// A residual network: <c>stem</c>, a block with the identity, one with a projection and a stride, two branches that are joined,
    /// and a classifier.
    /// </summary>
    public static Model Residual()
    {
        var input = new Input(Side, Side, 3);
        LayerOutput stem = Activated(new Conv2D(8, 3) { Name = "stem", Padding = Padding2D.Same, UseBias = false }, input);
        LayerOutput first = Normalized(
            new Conv2D(8, 3) { Name = "block_1/conv_2", Padding = Padding2D.Same, UseBias = false },
            Activated(new Conv2D(8, 3) { Name = "block_1/conv_1", Padding = Padding2D.Same, UseBias = false }, stem));
        LayerOutput sum = new Activation(Activations.Relu).Apply(new Add().Apply(first, stem));
        LayerOutput second = Normalized(
            new Conv2D(16, 3) { Name = "block_2/conv_2", Padding = Padding2D.Same },
            Activated(new Conv2D(16, 3) { Name = "block_2/conv_1", Strides = 2, Padding = 1 }, sum));
        LayerOutput shortcut = Normalized(new Conv2D(16, 1) { Name = "block_2/projection", Strides = 2 }, sum);
        LayerOutput joined = new Concatenate().Apply(
            new Activation(Activations.Relu).Apply(new Add().Apply(second, shortcut)),
            new Conv2D(4, (1, 3)) { Name = "wide", Padding = Padding2D.Same }.Apply(second));
        LayerOutput output = new Dense(5) { Name = "scores" }.Apply(new GlobalAveragePooling2D().Apply(joined));
        var model = new Model(input, output);
        ExportHarness.Randomize(model, 5);
        return model;
    }

    /// <summary>Images with edges and slow changes, as real ones have: neighbours resemble each other.</summary>
    public static Tensor<float> Images(int count, int seed = 1, int side = Side, int channels = 3)
    {
        var random = new Random(seed);
        var numbers = new float[count * side * side * channels];
        int index = 0;
        for (int image = 0; image < count; image++)
        {
            float[] phases = TestNumbers.Uniform(random, 8, 0, 6);
            for (int pixel = 0; pixel < side * side; pixel++)
            {
                (int y, int x) = (pixel / side, pixel % side);
                for (int channel = 0; channel < channels; channel++)
                {
                    float wave = MathF.Sin(phases[0] + (0.1f * phases[1] * x) + channel) + MathF.Cos(phases[2] + (0.1f * phases[3] * y) - channel);
                    float edge = x + phases[4] > side / 2f && y < side - phases[5] ? phases[6] / 3 : 0;
                    numbers[index++] = wave + edge + (0.1f * random.NextSingle());
                }
            }
        }

        return Tensor.Create(numbers, [count, side, side, channels]);
    }

    public static float[] Numbers(Tensor<float> tensor)
    {
        var numbers = new float[tensor.FlattenedLength];
        tensor.FlattenTo(numbers);
        return numbers;
    }

    /// <summary>The names of the convolutions that can be decoupled.</summary>
    public static string[] Standard(Model model) =>
        [.. model.Graph.Nodes.Select(node => node.Name).Where(name => Sepal.Shrinking.DecouplingRewrite.ReasonToKeep(model, name) is null)];

    /// <summary>The largest difference as a share of the largest number.</summary>
    public static double Difference(float[] expected, float[] actual)
    {
        double largest = expected.Max(Math.Abs);
        return expected.Zip(actual).Max(pair => Math.Abs((double)pair.First - pair.Second)) / largest;
    }

    private static LayerOutput Normalized(Conv2D layer, LayerOutput input) => new BatchNormalization().Apply(layer.Apply(input));

    private static LayerOutput Activated(Conv2D layer, LayerOutput input) => new Activation(Activations.Relu).Apply(Normalized(layer, input));
}
