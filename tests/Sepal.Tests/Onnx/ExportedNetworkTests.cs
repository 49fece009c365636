using System.Collections.Immutable;
using Sepal.Cli.Comparison;
using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Onnx;
using Sepal.Tests.Operators;
using Sepal.Training;
using Sepal.Training.Losses;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Onnx;

/// <summary>Whole networks, trained for some steps, exported, and run in ONNX Runtime.</summary>
public sealed class ExportedNetworkTests
{
    [Fact]
    public void The_networks_of_the_comparison_agree()
    {
        ImmutableArray<ComparisonNetwork> networks = ComparisonNetworks.Build(new Shape(28, 28, 1), classes: 10);
        Assert.Equal(4, networks.Length);
        foreach (ComparisonNetwork network in networks)
        {
            using Model model = network.Model;
            Train(model, 28 * 28, classes: 10);
            AssertAgrees(model, network.Name);
        }
    }

    [Fact]
    public void A_network_with_trained_batch_statistics_agrees_also_folded_and_stripped()
    {
        using Model model = MobileNetwork();
        Train(model, 24 * 20 * 3, classes: 7);
        Assert.All(
            model.Graph.Parameters.Where(parameter => parameter.Name.EndsWith("moving_variance", StringComparison.Ordinal)),
            parameter => Assert.DoesNotContain(1f, model.GetParameter(parameter).ToArray()));

        AssertAgrees(model, "as it is");
        AssertAgrees(model, "folded", new OnnxExportOptions { FoldBatchNormalization = true });
        AssertAgrees(model, "stripped", new OnnxExportOptions { StripDropout = true });
        AssertAgrees(model, "folded and stripped", new OnnxExportOptions { FoldBatchNormalization = true, StripDropout = true });
    }

    [Fact]
    public void Folding_and_stripping_leave_no_such_node_where_they_can()
    {
        using Model model = MobileNetwork();

        Dictionary<string, int> whole = Count(model, new OnnxExportOptions());
        Dictionary<string, int> folded = Count(model, new OnnxExportOptions { FoldBatchNormalization = true });
        Dictionary<string, int> stripped = Count(model, new OnnxExportOptions { StripDropout = true });

        Assert.Equal(7, whole["BatchNormalization"]);
        Assert.Equal(1, whole["Dropout"]);

        // The one after the sum has no convolution to go into.
        Assert.Equal(1, folded["BatchNormalization"]);
        Assert.Equal(whole["Conv"], folded["Conv"]);
        Assert.Equal(1, folded["Dropout"]);
        Assert.False(stripped.ContainsKey("Dropout"));
        Assert.Equal(7, stripped["BatchNormalization"]);
    }

    [Fact]
    public void A_product_that_others_read_too_is_not_folded()
    {
        var input = new Input(6, 6, 3);
        LayerOutput convolution = new Conv2D(4, 3) { Name = "c" }.Apply(input);
        LayerOutput normalized = new BatchNormalization { Name = "n" }.Apply(convolution);
        using var model = new Model([input], [new Add().Apply(convolution, normalized)]);
        using var output = new Model([input], [convolution, normalized]);
        ExportHarness.Randomize(model, 1);
        ExportHarness.Randomize(output, 1);

        var options = new OnnxExportOptions { FoldBatchNormalization = true };
        Assert.Equal(1, Count(model, options)["BatchNormalization"]);
        Assert.Equal(1, Count(output, options)["BatchNormalization"]);
        ExportHarness.AssertAgrees(model, 2, "sum", options);
        ExportHarness.AssertAgrees(output, 2, "two outputs", options);
    }

    [Fact]
    public void A_shared_convolution_is_folded_into_kernels_of_its_own()
    {
        var input = new Input(6, 6, 3);
        var shared = new Conv2D(3, 3) { Padding = Padding2D.Same };
        LayerOutput once = new BatchNormalization().Apply(shared.Apply(input));
        using var model = new Model(input, new BatchNormalization().Apply(shared.Apply(once)));
        ExportHarness.Randomize(model, 1);
        var options = new OnnxExportOptions { FoldBatchNormalization = true };

        Assert.False(Count(model, options).ContainsKey("BatchNormalization"));
        ExportHarness.AssertAgrees(model, 2, "shared", options);
    }

    private static Dictionary<string, int> Count(Model model, OnnxExportOptions options) =>
        ExportHarness.Export(model, options).Graph.Node.CountBy(node => node.OpType).ToDictionary();

    /// <summary>Compares what stands before the softmax as well as the output.</summary>
    private static void AssertAgrees(Model trained, string name, OnnxExportOptions? options = null)
    {
        Graph graph = trained.Graph;
        Value logits = graph.Producer(graph.Outputs[0])!.Inputs[0];
        using var model = new Model(new Graph(graph.Inputs, [logits, graph.Outputs[0]], graph.Nodes));
        foreach (Parameter parameter in graph.Parameters)
        {
            model.SetParameter(parameter, trained.GetParameter(parameter));
        }

        ExportHarness.AssertAgrees(model, 1, name, options);
        ExportHarness.AssertAgrees(model, 3, name, options);
    }

    private static void Train(Model model, int pixels, int classes)
    {
        const int Count = 64;
        var random = new Random(5);
        model.Initialize(5);
        model.Compile(new Adam(0.003), new SparseCategoricalCrossentropy());
        nint[] shape = [Count, .. model.Graph.Inputs[0].Shape.WithoutBatch().Select(dimension => (nint)dimension.Value)];
        var images = System.Numerics.Tensors.Tensor.Create(TestNumbers.Uniform(random, Count * pixels), shape);
        int[] labels = [.. Enumerable.Range(0, Count).Select(_ => random.Next(classes))];
        model.Fit(new TensorDataset(images, labels), new FitOptions { Epochs = 2, BatchSize = 16, Seed = 5, ShowProgress = false });
    }

    /// <summary>A small network with what mobile networks are made of: separable convolutions, residuals, gates, batch statistics.</summary>
    private static Model MobileNetwork()
    {
        var input = new Input(24, 20, 3);
        LayerOutput x = new Rescaling(2, -0.5f).Apply(input);
        x = Normalized(new Conv2D(16, 3) { Strides = 2, Padding = Padding2D.Same, UseBias = false }, Activations.HardSwish, x);
        LayerOutput expanded = Normalized(new Conv2D(32, 1) { UseBias = false }, Activations.Relu6, x);
        expanded = Normalized(new DepthwiseConv2D(5) { Padding = Padding2D.Same }, Activations.Swish, expanded);
        LayerOutput gate = new GlobalAveragePooling2D { KeepDimensions = true }.Apply(expanded);
        gate = new Conv2D(8, 1) { Activation = Activations.Relu }.Apply(gate);
        gate = new Conv2D(32, 1) { Activation = Activations.HardSigmoid }.Apply(gate);
        LayerOutput narrow = Normalized(new Conv2D(16, 1), null, new Multiply().Apply(expanded, gate));
        x = new BatchNormalization { Momentum = 0.9f }.Apply(new Add().Apply(x, narrow));
        x = Normalized(new SeparableConv2D(24, 3) { Strides = 2 }, Activations.Gelu, x);
        LayerOutput pooled = new Concatenate().Apply(new GlobalAveragePooling2D().Apply(x), new GlobalMaxPooling2D().Apply(x));
        pooled = Normalized(new Dense(20), Activations.Tanh, pooled);
        return new Model(input, new Dense(7) { Activation = Activations.Softmax }.Apply(new Dropout(0.3f).Apply(pooled)));
    }

    private static LayerOutput Normalized(Layer layer, Sepal.Operators.IActivation? activation, LayerOutput input)
    {
        LayerOutput output = new BatchNormalization { Momentum = 0.7f }.Apply(layer.Apply(input));
        return activation is null ? output : new Activation(activation).Apply(output);
    }
}
