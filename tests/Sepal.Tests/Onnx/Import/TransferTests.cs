using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Operators;
using Sepal.Training;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Onnx.Import;

/// <summary>Training what other tools wrote further: the whole network, or a new classifier on frozen features.</summary>
public sealed class TransferTests
{
    public static TheoryData<string> Networks => [.. Fixture.Names];

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_network_from_PyTorch_learns_with_a_new_head(string name)
    {
        using Model imported = OnnxModel.Import(Fixture.Path(name));
        using Model frozen = imported.Freeze();
        using Model model = frozen.ReplaceHead(Patterns.Classes, seed: 1);
        Assert.Equal(new Shape(Dimension.Batch, Patterns.Classes), model.Graph.Outputs[0].Shape);
        Parameter[] trained = [.. model.Graph.Parameters.Where(parameter => parameter.Trainable)];
        Assert.Equal(2, trained.Length);
        float[][] before = Frozen(model);

        // The loss of the head alone is convex: small steps by the gradient over all examples can only lower it.
        model.Compile(new Sgd(0.003), new SparseCategoricalCrossentropy(), new Accuracy());
        var data = new Patterns(24);
        double start = model.Evaluate(data).Loss;
        model.Fit(data, new FitOptions { Epochs = 8, BatchSize = 24, ShowProgress = false });

        double end = model.Evaluate(data).Loss;
        Assert.True(end < start, $"Training a new head must lower the loss, but it went from {start} to {end}.");
        Assert.Equal(before, Frozen(model));
    }

    [Fact]
    public void A_whole_network_from_PyTorch_trains_on()
    {
        using Model imported = OnnxModel.Import(Fixture.Path("mobilenet_v3_small_050_96"));
        using Model model = imported.ReplaceHead(Patterns.Classes);
        Assert.True(model.Graph.Parameters.Count(parameter => parameter.Trainable) > 100);
        model.Compile(new Adam(0.001), new SparseCategoricalCrossentropy());
        var data = new Patterns(32);

        History history = model.Fit(data, new FitOptions { Epochs = 3, BatchSize = 16, ShowProgress = false });

        Assert.True(history.Epochs[^1].Loss < history.Epochs[0].Loss, "Training must lower the loss.");
    }

    [Fact]
    public void The_first_layers_or_all_but_the_classifier_are_frozen()
    {
        using Model model = OnnxModel.Import(Fixture.Path("mobilenet_v2_035_96"));
        using Model first = model.FreezeFirst(3);
        Node[] layers = [.. first.Graph.Nodes.Where(node => node.Operator is Convolution or Dense or MatMul)];
        Assert.Equal([false, false, false, true, true], layers.Take(5).Select(IsTrained));
        using Model backbone = model.FreezeBackbone();
        Assert.Equal([.. Enumerable.Repeat(false, layers.Length - 1), true], backbone.Graph.Nodes.Where(node => node.Operator is Convolution or Dense or MatMul).Select(IsTrained));
        Assert.Contains($"leaves nothing to train: give fewer than {layers.Length}.", Assert.Throws<GraphException>(() => model.FreezeFirst(layers.Length)).Message, StringComparison.Ordinal);

        static bool IsTrained(Node node) => ((Parameter)node.Inputs[1]).Trainable;
    }

    [Fact]
    public void Layers_below_a_path_are_frozen_and_others_are_not()
    {
        using Model model = OnnxModel.Import(Fixture.Path("mobilenet_v2_035_96"));
        string first = model.Graph.Nodes.First(node => node.Operator is Convolution).Name;

        using Model frozen = model.Freeze(first);

        Assert.All(frozen.Graph.Node(first).Inputs.OfType<Parameter>(), parameter => Assert.False(parameter.Trainable));
        Assert.Equal(
            model.Graph.Parameters.Count(parameter => parameter.Trainable) - frozen.Graph.Node(first).Inputs.OfType<Parameter>().Count(),
            frozen.Graph.Parameters.Count(parameter => parameter.Trainable));
        GraphException error = Assert.Throws<GraphException>(() => model.Freeze("backbone"));
        Assert.StartsWith("No node of the model is at 'backbone' or below. Its first nodes: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Freezing_stops_batch_statistics()
    {
        using var model = new Model(BatchNormalized());

        using Model frozen = model.Freeze();

        Assert.True(Assert.IsType<BatchNormalization>(frozen.Graph.Nodes[0].Operator).Frozen);
        Assert.False(Assert.IsType<BatchNormalization>(model.Graph.Nodes[0].Operator).Frozen);
    }

    [Fact]
    public void A_model_without_a_classifier_has_no_head_to_replace()
    {
        using var model = new Model(BatchNormalized());

        GraphException error = Assert.Throws<GraphException>(() => model.ReplaceHead(3));

        Assert.StartsWith("The model has no dense layer and no 1×1 convolution to replace.", error.Message, StringComparison.Ordinal);
        Assert.Throws<GraphException>(() => model.ReplaceHead(1));
    }

    private static Graph BatchNormalized()
    {
        var input = new Sepal.Layers.Input(4, 4, 2);
        using var model = new Model(input, new Sepal.Layers.BatchNormalization().Apply(input));
        return model.Graph;
    }

    private static float[][] Frozen(Model model) =>
        [.. model.Graph.Parameters.Where(parameter => !parameter.Trainable).Select(parameter => model.GetParameter(parameter).ToArray())];

    /// <summary>Noise of three colours.</summary>
    private sealed class Patterns(int count) : Dataset
    {
        public const int Classes = 3;

        public override int Count => count;

        public override Shape InputShape => [96, 96, 3];

        public override Shape TargetShape => Shape.Scalar;

        public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
        {
            int length = inputs.Length / indices.Length;
            for (int row = 0; row < indices.Length; row++)
            {
                var random = new Random(indices[row]);
                int label = indices[row] % Classes;
                targets[row] = label;
                Span<float> image = inputs.Slice(row * length, length);
                for (int element = 0; element < length; element++)
                {
                    image[element] = (random.NextSingle() - 0.5f) + (element % 3 == label ? 1 : 0);
                }
            }
        }
    }
}
