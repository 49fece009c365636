using System.Numerics.Tensors;
using Sepal.Architectures;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Onnx;
using Sepal.Tests.Onnx;
using Sepal.Tests.Operators;
using Sepal.Training;
using Sepal.Training.Losses;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Architectures;

/// <summary>Every architecture, small: run, trained, exported.</summary>
public sealed class ArchitectureRunTests
{
    private const int Size = 64;

    public static TheoryData<string> Names { get; } = [.. Architecture.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_of_an_untrained_network_keep_an_ordinary_size(string name)
    {
        Graph network = (Architecture.Create(name) with { InputShape = [Size, Size, 3] }).BuildGraph();
        Value[] values = [.. network.Nodes.SelectMany(node => node.Outputs)];
        using var all = new Model(new Graph(network.Inputs, [.. values], network.Nodes));
        for (ulong seed = 0; seed < 2; seed++)
        {
            all.Initialize(seed);
            using var session = new InferenceSession(all);
            IReadOnlyDictionary<string, TensorData> outputs =
                session.Run(new Dictionary<string, TensorData> { ["input"] = TensorData.Of(Images(1, (int)seed)) });
            foreach (Value value in values)
            {
                ReadOnlySpan<float> numbers = outputs[value.Name].Elements<float>();
                double square = 0;
                foreach (float number in numbers)
                {
                    Assert.True(float.IsFinite(number) && !float.IsSubnormal(number), $"{name}, seed {seed}, {value.Name}: {number}");
                    square += (double)number * number;
                }

                double size = Math.Sqrt(square / numbers.Length);
                Assert.True(size is > 1e-4 and < 100, $"{name}, seed {seed}, {value.Name}: root of the mean square {size}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_training_step_changes_every_parameter(string name)
    {
        using Model model = (Small(name) with { Classes = 5, InputShape = [Size, Size, 3] }).Build();
        Dictionary<string, float[]> before = Numbers(model);
        model.Compile(new Sgd(0.01), new SparseCategoricalCrossentropy());
        History history = model.Fit(
            new TensorDataset(Images(3, 1), [0, 3, 4]),
            new FitOptions { BatchSize = 3, ShowProgress = false, CancellationToken = TestContext.Current.CancellationToken });

        Assert.True(double.IsFinite(Assert.Single(history.Epochs).Loss));
        Dictionary<string, float[]> after = Numbers(model);
        Assert.All(before, pair =>
        {
            Assert.All(after[pair.Key], number => Assert.True(float.IsFinite(number), pair.Key));
            Assert.False(pair.Value.AsSpan().SequenceEqual(after[pair.Key]), $"{name}: {pair.Key} stayed as it was.");
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Onnx_Runtime_gives_what_a_session_gives(string name)
    {
        using Model model = (Small(name) with { InputShape = [Size, Size + 32, 3], ClassifierActivation = null }).Build();
        ExportHarness.AssertAgrees(model, 2, name);

        using var session = new InferenceSession(model);
        Tensor<float> images = Images(2, 3, Size + 32);
        float[] expected = model.Predict(images).ToArray();
        float[] actual = session.Run(images).ToArray();
        double largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * largest));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_gives_the_network_back(string name)
    {
        using Model model = (Small(name) with { Classes = 5, InputShape = [Size, Size, 3] }).Build();
        using var stream = new MemoryStream();
        model.ExportOnnx(stream);
        stream.Position = 0;
        using Model read = OnnxModel.Import(stream);
        Assert.Equal(model.Graph.Nodes.Select(node => node.ToString()), read.Graph.Nodes.Select(node => node.ToString()));
        Tensor<float> images = Images(1, 2);
        Assert.Equal(model.Predict(images).ToArray(), read.Predict(images).ToArray());
    }

    /// <summary>Half as wide, to be quick.</summary>
    private static Architecture Small(string name) => Architecture.Create(name) with { Width = 0.5 };

    private static Tensor<float> Images(int count, int seed, int width = Size) => Tensor.Create(
        TestNumbers.Uniform(new Random(seed), count * Size * width * 3), [count, Size, width, 3]);

    private static Dictionary<string, float[]> Numbers(Model model) =>
        model.Graph.Parameters.ToDictionary(parameter => parameter.Name, parameter => model.GetParameter(parameter).ToArray());
}
