using System.Numerics.Tensors;
using Sepal.Architectures;
using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Onnx;
using Sepal.Tests.Inference;
using Sepal.Tests.Onnx;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Costs;

public class CountingTests
{
    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(0, 40)];

    public static TheoryData<string> Architectures { get; } = [.. Architecture.Names];

    public static TheoryData<string> Fixtures { get; } = [.. Fixture.Names];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Multiply_adds_are_the_multiplies_that_a_plain_executor_performs(int seed)
    {
        var random = new Random(seed);
        (int height, int width) = (random.Next(7, 14), random.Next(7, 14));
        var input = new Input(height, width, 4);
        LayerOutput features = input;
        for (int index = 0; index < 5; index++)
        {
            int filters = 4 * random.Next(1, 4);
            Padding2D padding = random.Next(2) == 0 ? Padding2D.Same : Padding2D.Explicit(2, 1, 1, 2);
            Size2D kernel = (random.Next(1, 4), random.Next(1, 4));
            features = random.Next(6) switch
            {
                0 => new Conv2D(filters, kernel) { Padding = padding, Strides = random.Next(1, 3), UseBias = random.Next(2) == 0 }.Apply(features),
                1 => new Conv2D(filters, kernel) { Padding = padding, Groups = 4, DilationRate = random.Next(1, 3) }.Apply(features),
                2 => new SeparableConv2D(filters, kernel) { Padding = padding, DepthMultiplier = random.Next(1, 3) }.Apply(features),
                3 => new SqueezeExcite(random.Next(1, 5)).Apply(features),
                4 => new Layers.BatchNormalization().Apply(features),
                _ => new Conv2D(filters, 1) { Activation = Activations.Swish }.Apply(features),
            };
        }

        features = new Layers.Dense(7).Apply(new GlobalAveragePooling2D().Apply(features));
        using var model = new Model(input, features);
        int batch = random.Next(1, 4);
        float[] images = [.. Enumerable.Range(0, batch * height * width * 4).Select(_ => random.NextSingle() - 0.5f)];
        var executor = new ReferenceExecutor(model);

        double[] expected = executor.Run(images, [batch, height, width, 4]);

        // It is the model's own arithmetic whose multiplies were counted.
        float[] output = SessionModels.Numbers(model.Predict(Tensor.Create(images, [batch, height, width, 4])));
        Comparer.AssertClose(expected, output, 256, [batch, 7], $"seed {seed}");

        ModelCost cost = model.Cost(batch);
        Assert.All(
            model.Graph.Nodes.Zip(cost.Nodes),
            pair => Assert.Equal(executor.Multiplies[pair.First], pair.Second.MultiplyAccumulates));
        Assert.True(cost.MultiplyAccumulates > 0);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Symbolic_totals_are_the_counts_at_every_size(string name)
    {
        Architecture architecture = Architecture.Create(name);
        Graph open = (architecture with { InputShape = [Dimension.Symbol("H"), Dimension.Symbol("W"), 3] }).BuildGraph();
        SymbolicCost symbolic = SymbolicCost.Of(open);
        Assert.NotNull(symbolic.Stride);
        foreach ((int height, int width, int batch) in new[] { (224, 224, 1), (225, 193, 3), (160, 97, 2), (331, 128, 1), (111, 113, 5) })
        {
            ModelCost cost = ModelCost.Of((architecture with { InputShape = [height, width, 3] }).BuildGraph(), batch);
            var sizes = new Dictionary<string, long> { ["N"] = batch, ["H"] = height, ["W"] = width };
            Assert.Equal(cost.MultiplyAccumulates, symbolic.MultiplyAccumulates.Evaluate(sizes));
            Assert.Equal(cost.ElementOperations, symbolic.ElementOperations.Evaluate(sizes));
            Assert.Equal(cost.Bytes, symbolic.Bytes.Evaluate(sizes));
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_architecture_is_counted_completely(string name) =>
        Assert.Empty(ModelCost.Of(Architecture.Create(name).BuildGraph()).UncountedNodes);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Every_fixture_is_counted_completely(string name)
    {
        using Model model = OnnxModel.Import(Fixture.Path(name), new ImportOptions { KeepUnknown = true });
        ModelCost cost = model.Cost();
        Assert.Empty(cost.UncountedNodes);
        Assert.True(cost.MultiplyAccumulates > 0);
    }

    /// <summary>
    /// Table 2 of MobileNet's paper (arXiv 1704.04861), whose parameters are kernels alone, without normalisation and biases. Its
    /// 1.19 % for the first convolution would make 99.29 % in all; 1.91 %, its digits the other way round, makes 100.
    /// </summary>
    [Fact]
    public void The_split_of_MobileNet_by_kind_is_the_papers()
    {
        ModelCost cost = ModelCost.Of(new MobileNetV1().BuildGraph());
        Assert.Equal(94.86, Share(NodeCategory.Pointwise, part => part.MultiplyAccumulates), 0.01);
        Assert.Equal(3.06, Share(NodeCategory.Depthwise, part => part.MultiplyAccumulates), 0.01);
        Assert.Equal(1.91, Share(NodeCategory.Standard, part => part.MultiplyAccumulates), 0.01);
        Assert.Equal(0.18, Share(NodeCategory.Dense, part => part.MultiplyAccumulates), 0.01);
        long kernels = cost.TrainableParameters - cost.Categories[(int)NodeCategory.Rest].TrainableParameters - 1000;
        Assert.Equal(74.59, 100.0 * cost.Categories[(int)NodeCategory.Pointwise].TrainableParameters / kernels, 0.01);

        double Share(NodeCategory category, Func<CostCounts, long> count) =>
            100.0 * count(cost.Categories[(int)category]) / count(cost);
    }

    /// <summary>Table 4 of the same paper: 4866 million, which is the count without the dense layer, and 29.3 million.</summary>
    [Fact]
    public void MobileNet_with_full_convolutions_is_the_papers()
    {
        int[] filters = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024];
        int[] halving = [1, 3, 5, 11];
        var input = new Input(224, 224, 3);
        LayerOutput features = Full(input, 32, 2);
        for (int index = 0; index < filters.Length; index++)
        {
            features = Full(features, filters[index], halving.Contains(index) ? 2 : 1);
        }

        features = new Layers.Dense(1000).Apply(new GlobalAveragePooling2D().Apply(features));
        ModelCost cost = ModelCost.Of(ModelLowering.Lower([input], [features]));
        Assert.Equal(4_867_293_184, cost.MultiplyAccumulates);
        Assert.Equal(4866, (cost.MultiplyAccumulates - 1_024_000) / 1e6, 0.5);
        Assert.Equal(29.3, cost.TrainableParameters / 1e6, 0.05);

        static LayerOutput Full(LayerOutput features, int filters, int stride) => new Layers.BatchNormalization().Apply(
            new Conv2D(filters, 3) { Strides = stride, Padding = Padding2D.Same, UseBias = false }.Apply(features));
    }

    [Fact]
    public void Memory_gradients_and_storage_of_a_chain_are_those_by_hand()
    {
        using Sequential model = [new Input(4, 4, 2), new Conv2D(3, 1) { Activation = Activations.Relu }, new Flatten(), new Layers.Dense(5)];

        ModelCost cost = model.Cost();

        // The convolution's output and the activation's, 48 floats each, live together.
        Assert.Equal(4 * 96, cost.Memory.PeakActivationBytes);
        Assert.Equal(16 * 6, cost.Nodes[0].BackwardWeightMultiplyAccumulates);
        Assert.Equal(0, cost.Nodes[0].BackwardInputMultiplyAccumulates);
        Assert.Equal(2 * 48 * 5, cost.Nodes[^1].BackwardInputMultiplyAccumulates + cost.Nodes[^1].BackwardWeightMultiplyAccumulates);
        Assert.Equal((32 + 48 + 5) * 4, cost.Memory.KeptActivationBytes);
        Assert.Equal(254 * 4, cost.Disk.Float32);
        Assert.Equal(254 * 2, cost.Disk.Float16);
        Assert.Equal(246 + (8 * 4) + (8 * 4), cost.Disk.Int8);
        Assert.Equal(254 * 4 * 2, cost.Memory.OptimizerBytes);
    }

    [Fact]
    public void A_size_that_the_graph_cannot_take_is_refused()
    {
        var input = new Input(Dimension.Symbol("height"), Dimension.Symbol("width"), 3);
        using var model = new Model(input, new Conv2D(4, 5).Apply(input));

        SepalException exception = Assert.Throws<SepalException>(() => model.Cost(new CostOptions
        {
            Symbols = new Dictionary<string, long> { ["height"] = 3, ["width"] = 9 },
        }));

        Assert.Contains("conv2d", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'height' of at least 4", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counting_rules_move_work_or_leave_it_out()
    {
        using Sequential model = [new Input(4, 4, 2), new Conv2D(3, 1) { Activation = Activations.Relu }, new Layers.BatchNormalization()];

        ModelCost cost = model.Cost(new CostOptions
        {
            Bias = ElementCounting.LeftOut,
            Activation = ElementCounting.MultiplyAccumulates,
            BatchNormalization = ElementCounting.MultiplyAccumulates,
        });

        Assert.Equal(96 + 48 + 48, cost.MultiplyAccumulates);
        Assert.Equal(0, cost.ElementOperations);
        Assert.Equal(48 + 48 + 96, model.Cost().ElementOperations);
    }

    [Fact]
    public void Roofline_time_is_the_longer_of_arithmetic_and_memory()
    {
        using Sequential model = [new Input(4, 4, 2), new Conv2D(3, 1) { UseBias = false }];
        Machine slowMemory = Machine.Parse("peak=1G,bandwidth=1k");
        Assert.Equal(4 * (32 + 6 + 48) / 1e3, model.Cost(new CostOptions { Machine = slowMemory }).RooflineSeconds!.Value, 1e-12);
        Assert.Equal(192 / 1e3, model.Cost(new CostOptions { Machine = Machine.Parse("bandwidth=1G, peak=1k") }).RooflineSeconds!.Value, 1e-12);
        Assert.Null(model.Cost().RooflineSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("peak=1G")]
    [InlineData("peak=1G,bandwidth=-2")]
    [InlineData("peak=1G,peak=2G,bandwidth=1G")]
    [InlineData("peak=1X,bandwidth=1G")]
    public void A_machine_that_is_not_understood_is_refused(string text) =>
        Assert.Contains("peak=200G,bandwidth=20G", Assert.Throws<SepalException>(() => Machine.Parse(text)).Message, StringComparison.Ordinal);
}
