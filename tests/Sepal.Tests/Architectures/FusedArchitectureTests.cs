using System.Numerics.Tensors;
using Sepal.Architectures;
using Sepal.Inference;
using Sepal.Operators;
using Sepal.Tests.Operators;
using Xunit;

namespace Sepal.Tests.Architectures;

/// <summary>What a session makes of every architecture, against the same graph run node by node.</summary>
public sealed class FusedArchitectureTests
{
    public static TheoryData<string> Names { get; } = [.. Architecture.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_session_gives_what_the_nodes_give_one_by_one(string name)
    {
        int size = Size(name);
        using Model model = Build(name);
        Dictionary<string, float[]> values = model.Graph.Parameters.ToDictionary(
            parameter => parameter.Name, parameter => model.GetParameter(parameter).ToArray());
        float[] images = TestNumbers.Uniform(new Random(5), 3 * size * size * 3);
        values.Add(model.Graph.Inputs[0].Name, images);
        float[] expected = GraphHarness.Infer(model.Graph, values, 3, new RunOptions())[0];

        using var one = new InferenceSession(model, new SessionOptions { Threads = 1 });
        using var two = new InferenceSession(model, new SessionOptions { Threads = 2 });
        float[] actual = Run(one, images, 3, size);

        double largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-5 * largest));
        Comparer.AssertSameBits(actual, Run(two, images, 3, size), [3, actual.Length / 3], $"{name}, two threads");
        float[] apart = [.. Enumerable.Range(0, 3).SelectMany(image => Run(two, images[(image * images.Length / 3)..((image + 1) * images.Length / 3)], 1, size))];
        Comparer.AssertSameBits(actual, apart, [3, actual.Length / 3], $"{name}, image by image");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_normalisation_and_no_activation_is_left_alone(string name)
    {
        using Model model = Build(name, width: 0.5);
        using var session = new InferenceSession(model);

        // Xception's activations come before its convolutions, and read what others read too.
        string[] functions = name == "xception" ? ["BatchNormalization"] : [.. Enum.GetNames<UnaryFunction>(), "BatchNormalization"];
        Assert.DoesNotContain(
            session.Plan().Steps,
            step => step.Nodes.Length == 1 && functions.Contains(step.Nodes[0].Kind, StringComparer.OrdinalIgnoreCase));
    }

    private static int Size(string name) => name.StartsWith("xception", StringComparison.OrdinalIgnoreCase) ? 96 : 64;

    private static Model Build(string name, double width = 1)
    {
        Model model = (Architecture.Create(name) with { InputShape = [Size(name), Size(name), 3], Width = width, ClassifierActivation = null }).Build();
        model.Initialize(3);
        return model;
    }

    private static float[] Run(InferenceSession session, float[] images, int batch, int size) =>
        session.Run(Tensor.Create(images, [batch, size, size, 3])).ToArray();
}
