using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Onnx;
using Sepal.Onnx.Files;
using Sepal.Onnx.Import;
using Sepal.Onnx.Metadata;
using Sepal.Onnx.Protocol;
using Sepal.Tests.Training;
using Sepal.Training;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Onnx;

/// <summary>What a file keeps is enough to train on as if the model had never been written.</summary>
public sealed class TrainingOnTests
{
    [Fact]
    public void A_model_from_a_file_trains_on_bit_for_bit()
    {
        using Model original = Network();
        original.Initialize(1);
        Train(original, seed: 1);
        byte[] file = ExportHarness.Bytes(ExportHarness.Export(original));

        using Model restored = OnnxModel.Import(file);

        Assert.Equal(Bits(original), Bits(restored));
        (double Loss, double Accuracy) expected = Train(original, seed: 2);
        Assert.Equal(expected, Train(restored, seed: 2));
        Assert.Equal(Bits(original), Bits(restored));
    }

    [Fact]
    public void Nodes_parameters_and_summary_are_the_same()
    {
        using Model original = Network();
        byte[] file = ExportHarness.Bytes(ExportHarness.Export(original));

        using Model restored = OnnxModel.Import(file);

        Assert.Equal(Describe(original.Graph), Describe(restored.Graph));
        Assert.Equal(original.Summary().ToString(), restored.Summary().ToString());
    }

    [Fact]
    public void Random_graphs_come_back_whole()
    {
        for (int seed = 1000; seed < 1100; seed++)
        {
            Graph graph = RandomGraphs.Make(seed);
            using var model = new Model(graph);
            ModelProto file = OnnxFile.Read(ExportHarness.Bytes(ExportHarness.Export(model)));

            Graph restored = GraphRestoration.Restore(MetadataEntries.ReadGraph(file)!, file, NoExternalData.Instance, new MemoryBudget(long.MaxValue));

            Assert.Equal([$"seed {seed}", .. Describe(graph)], [$"seed {seed}", .. Describe(restored)]);
            using var again = new Model(restored);
            Assert.Equal(Bits(model), Bits(again));
        }
    }

    private static (double Loss, double Accuracy) Train(Model model, ulong seed)
    {
        model.Compile(new Adam(0.01), new SparseCategoricalCrossentropy(), new Accuracy());
        History history = model.Fit(new Clusters(70), new FitOptions { Epochs = 2, BatchSize = 32, Seed = seed, ShowProgress = false });
        return (history.Epochs[^1].Loss, history.Epochs[^1].Figure("accuracy")!.Value);
    }

    private static uint[][] Bits(Model model) =>
        [.. model.Graph.Parameters.Select(parameter => Array.ConvertAll(model.GetParameter(parameter).ToArray(), BitConverter.SingleToUInt32Bits))];

    private static string[] Describe(Graph graph) =>
    [
        .. graph.Inputs.Select(input => input.ToString()),
        .. graph.Outputs.Select(output => output.ToString()),
        .. graph.Parameters.Select(parameter => $"{parameter} {parameter.Trainable} {parameter.L2}"),
        .. graph.Nodes.Select(node =>
            $"{node.Name} {node.LayerType} {node.Operator} ({string.Join(", ", node.Inputs)}) ({string.Join(", ", node.Outputs)})"),
    ];

    private static Model Network()
    {
        var input = new Input(Clusters.Size, Clusters.Size, 1);
        LayerOutput x = new Rescaling(2, -0.1f).Apply(input);
        x = new Conv2D(8, 3) { Padding = Padding2D.Same, KernelL2 = 0.01f, Activation = Activations.Gelu }.Apply(x);
        LayerOutput skip = x;
        x = new BatchNormalization { Momentum = 0.8f }.Apply(x);
        x = new SeparableConv2D(8, 3) { Padding = Padding2D.Same, Activation = Activations.Swish, DepthwiseL2 = 0.02f }.Apply(x);
        x = new Dropout(0.3f).Apply(x);
        x = new Add().Apply(skip, new DepthwiseConv2D(3) { Padding = Padding2D.Same, Trainable = false }.Apply(x));
        x = new BatchNormalization { Trainable = false }.Apply(new Dense(6).Apply(x));
        x = new Dropout(0.2f).Apply(new Flatten().Apply(new MaxPooling2D(2).Apply(x)));
        return new Model(input, new Dense(4) { Activation = Activations.Softmax, KernelL2 = 0.001f }.Apply(x));
    }
}
