using System.Collections.Immutable;
using System.Numerics.Tensors;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Onnx;
using Sepal.Operators;
using Sepal.Shrinking;
using Sepal.Tests.Inference.Rewrites;
using Sepal.Tests.Onnx;
using Sepal.Tests.Onnx.Import;
using Sepal.Tests.Operators;
using Sepal.Training.Initializers;
using Xunit;

namespace Sepal.Tests.Shrinking.Decoupling;

public sealed class DecouplingRewriteTests
{
    private const double Tolerance = 1e-4;

    public static TheoryData<int, int, int, int> Windows => new()
    {
        // Kernel down and across, stride, dilation.
        { 2, 2, 1, 1 },
        { 3, 3, 1, 1 },
        { 3, 3, 2, 1 },
        { 3, 3, 1, 2 },
        { 1, 3, 1, 1 },
        { 5, 1, 2, 1 },
        { 3, 2, 2, 2 },
        { 4, 4, 1, 1 },
        { 5, 5, 2, 1 },
        { 6, 3, 1, 1 },
        { 7, 7, 2, 1 },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void At_full_rank_a_convolution_gives_the_same(int height, int width, int stride, int dilation)
    {
        foreach (Padding2D padding in (Padding2D[])[Padding2D.Valid, Padding2D.Same, Padding2D.Explicit(1, 0, 2, 1)])
        {
            foreach ((int channels, int filters, bool hasBias) in ((int, int, bool)[])[(5, 9, true), (9, 4, false), (1, 6, true), (4, 1, true)])
            {
                var builder = new RewriteBuilder();
                Value image = builder.Input(15, 17, channels);
                Value made = builder.Convolve(
                    image,
                    new Convolution(filters, (height, width)) { Strides = stride, DilationRate = dilation, Padding = padding },
                    hasBias);
                using var model = new Model(builder.Build(made));
                string name = model.Graph.Nodes[0].Name;
                Tensor<float> images = ShrinkingModels.Images(2, side: 17, channels: channels);
                images = Tensor.Create(ShrinkingModels.Numbers(images)[..(2 * 15 * 17 * channels)], [2, 15, 17, channels]);
                float[] expected = ShrinkingModels.Numbers(model.Predict(images));
                foreach (DecouplingForm form in Enum.GetValues<DecouplingForm>())
                {
                    int rank = KernelDecomposition.Of(model, name, form).FullRank;
                    using Model decoupled = DecouplingRewrite.Apply(model, name, form, rank);

                    double difference = ShrinkingModels.Difference(expected, ShrinkingModels.Numbers(decoupled.Predict(images)));
                    Assert.True(difference < Tolerance, $"{form}, padding {padding}, {channels} to {filters}: {difference}");
                    Assert.Equal((3 * rank) - 1, decoupled.Graph.Nodes.Length);
                    Assert.All(
                        decoupled.Graph.Nodes.Where(node => node.Name.EndsWith("depthwise", StringComparison.Ordinal)),
                        node => Assert.Equal(node.Inputs[0].Spec.Channels, ((Convolution)node.Operator).Groups));
                    Assert.Equal(model.Graph.Outputs[0].Name, decoupled.Graph.Outputs[0].Name);
                }
            }
        }
    }

    [Theory]
    [InlineData(DecouplingForm.DepthwisePointwise)]
    [InlineData(DecouplingForm.PointwiseDepthwise)]
    public void At_full_rank_a_residual_network_gives_the_same_here_and_in_Onnx_Runtime(DecouplingForm form)
    {
        using Model model = ShrinkingModels.Residual();
        string[] names = ShrinkingModels.Standard(model);
        Assert.Equal(["stem", "block_1/conv_1", "block_1/conv_2", "block_2/conv_1", "block_2/conv_2", "wide"], [.. names.Select(Short)]);
        using Model decoupled = DecouplingRewrite.Apply(model, names.ToDictionary(
            name => name,
            name => KernelDecomposition.Of(model, name, form) is var whole ? whole.Truncate(whole.FullRank) : throw new InvalidOperationException()));

        Tensor<float> images = ShrinkingModels.Images(3);
        float[] expected = ShrinkingModels.Numbers(model.Predict(images));
        Assert.True(ShrinkingModels.Difference(expected, ShrinkingModels.Numbers(decoupled.Predict(images))) < Tolerance);

        // What stands around the convolutions is as it was.
        string[] others = [.. model.Graph.Nodes.Select(node => node.Name).Except(names)];
        Assert.Equal(others, decoupled.Graph.Nodes.Select(node => node.Name).Where(others.Contains));

        using var stream = new MemoryStream();
        decoupled.ExportOnnx(stream);
        using Model read = OnnxModel.Import(stream.ToArray());
        Assert.Equal(ShrinkingModels.Numbers(decoupled.Predict(images)), ShrinkingModels.Numbers(read.Predict(images)));
        ExportHarness.AssertAgrees(decoupled, batch: 2, $"{form}");
        ExportHarness.AssertAgrees(decoupled, batch: 2, $"{form}, folded", new OnnxExportOptions { FoldBatchNormalization = true });
        float[] planar = [.. ExportHarness.ToFile(ShrinkingModels.Numbers(images), [3, ShrinkingModels.Side, ShrinkingModels.Side, 3]).Elements<float>()];
        ImmutableDictionary<string, TensorData> outputs = OnnxRuntimeHarness.Run(
            stream.ToArray(),
            new Dictionary<string, TensorData>
            {
                [model.Graph.Inputs[0].Name] = TensorData.Of<float>([3, 3, ShrinkingModels.Side, ShrinkingModels.Side], ElementType.Float32, planar),
            });
        Assert.True(ShrinkingModels.Difference(expected, outputs.Values.Single().Elements<float>().ToArray()) < Tolerance);
    }

    [Fact]
    public void The_error_of_the_output_falls_with_the_rank()
    {
        using Model model = ShrinkingModels.Residual();
        string name = ShrinkingModels.Standard(model)[1];
        Tensor<float> images = ShrinkingModels.Images(2);
        string output = model.Graph.Node(name).Output.Name;
        float[] expected = Output(model);
        double last = double.PositiveInfinity;
        for (int rank = 1; rank <= 8; rank++)
        {
            using Model decoupled = DecouplingRewrite.Apply(model, name, DecouplingForm.DepthwisePointwise, rank);
            double error = Math.Sqrt(expected.Zip(Output(decoupled)).Sum(pair => Math.Pow(pair.First - pair.Second, 2)));
            Assert.True(error < last);
            last = error;
        }

        float[] Output(Model network)
        {
            Node node = network.Graph.Nodes.Single(node => node.Outputs.Any(value => value.Name == output));
            return ShrinkingModels.Numbers(network.Activation(node.Name, images));
        }
    }

    [Fact]
    public void Terms_have_paths_as_names_and_their_sum_is_no_step_of_its_own()
    {
        using Model model = ShrinkingModels.Residual();
        string name = ShrinkingModels.Standard(model)[1];

        using Model one = DecouplingRewrite.Apply(model, name, DecouplingForm.DepthwisePointwise, 1);
        Assert.Equal([$"{name}/depthwise", $"{name}/pointwise"], New(model, one));

        using Model two = DecouplingRewrite.Apply(model, name, DecouplingForm.DepthwisePointwise, 2);
        Assert.Equal(
            [$"{name}/term_1/depthwise", $"{name}/term_1/pointwise", $"{name}/term_2/depthwise", $"{name}/term_2/pointwise", $"{name}/term_2/add"],
            New(model, two));
        using var session = new InferenceSession(two);
        InferencePlan plan = session.Plan(new Dictionary<string, long> { [Dimension.Batch.ToString()] = 1 });
        PlanStep step = plan.Steps.Single(step => step.Nodes.Any(node => node.Name == $"{name}/term_2/add"));
        Assert.Contains(step.Nodes, node => node.Name.EndsWith("/pointwise", StringComparison.Ordinal));

        using Model turned = DecouplingRewrite.Apply(model, name, DecouplingForm.PointwiseDepthwise, 1);
        Assert.Equal([$"{name}/pointwise", $"{name}/depthwise"], New(model, turned));

        static IEnumerable<string> New(Model before, Model after) =>
            after.Graph.Nodes.Select(node => node.Name).Except(before.Graph.Nodes.Select(node => node.Name));
    }

    [Fact]
    public void A_one_dimensional_convolution_of_a_file_is_handled()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "n", 6, 20)
            .Initializer("w", ImportHarness.Numbers(1, 4, 6, 5))
            .Initializer("b", ImportHarness.Numbers(2, 4))
            .Node("Conv", "x w b", "c", ("pads", (int[])[1, 3]), ("dilations", (int[])[2]))
            .Node("Relu", "c", "y")
            .Output("y");
        using Model model = OnnxModel.Import(ExportHarness.Bytes(builder.Model));
        string name = Assert.Single(ShrinkingModels.Standard(model));
        using Model decoupled = DecouplingRewrite.Apply(model, name, DecouplingForm.DepthwisePointwise, 4);

        Shape shape = model.Graph.Inputs[0].Shape.WithoutBatch();
        Tensor<float> series = Tensor.Create(
            TestNumbers.Uniform(new Random(1), 2 * 6 * 20), [2, .. shape.Select(dimension => (nint)dimension.Value)]);
        Assert.True(ShrinkingModels.Difference(
            ShrinkingModels.Numbers(model.Predict(series)), ShrinkingModels.Numbers(decoupled.Predict(series))) < Tolerance);
    }

    [Fact]
    public void A_kernel_that_others_read_stays_theirs()
    {
        var builder = new RewriteBuilder();
        Value image = builder.Input(6, 6, 4);
        Parameter kernel = builder.Parameter([3, 3, 4, 4]);
        Value first = builder.Add(new Convolution(4, 3) { Padding = 1 }, image, kernel);
        using var model = new Model(builder.Build(builder.Add(new Convolution(4, 3), first, kernel)));
        using Model decoupled = DecouplingRewrite.Apply(model, model.Graph.Nodes[1].Name, DecouplingForm.DepthwisePointwise, 4);

        Tensor<float> images = ShrinkingModels.Images(1, side: 6, channels: 4);
        Assert.True(ShrinkingModels.Difference(
            ShrinkingModels.Numbers(model.Predict(images)), ShrinkingModels.Numbers(decoupled.Predict(images))) < Tolerance);
        Assert.Contains(decoupled.Graph.Parameters, parameter => parameter.Name == kernel.Name);
    }

    [Fact]
    public void New_kernels_are_trained_as_the_old_one_was()
    {
        var builder = new GraphBuilder();
        Value image = builder.Input("image", new TensorSpec([Dimension.Batch, 6, 6, 3]));
        Parameter penalized = builder.Parameter("penalized", [3, 3, 3, 4], VarianceScaling.GlorotUniform, new Fans(27, 36), l2: 0.25f);
        Parameter frozen = builder.Parameter("frozen", [3, 3, 4, 4], VarianceScaling.GlorotUniform, new Fans(36, 36), trainable: false);
        Value first = builder.Add("first", new Convolution(4, 3) { Padding = 1 }, [image, penalized]).Output;
        using var model = new Model(builder.Build(builder.Add("second", new Convolution(4, 3), [first, frozen]).Output));
        using Model one = DecouplingRewrite.Apply(model, "first", DecouplingForm.DepthwisePointwise, 1);
        using Model two = DecouplingRewrite.Apply(one, "second", DecouplingForm.DepthwisePointwise, 1);

        Assert.Equal(
            [("first/depthwise/kernel", true, 0.25f), ("first/pointwise/kernel", true, 0.25f), ("second/depthwise/kernel", false, 0f), ("second/pointwise/kernel", false, 0f)],
            two.Graph.Parameters.Select(parameter => (parameter.Name, parameter.Trainable, parameter.L2)));
    }

    [Fact]
    public void What_cannot_be_decoupled_is_kept_for_a_reason()
    {
        var builder = new GraphBuilder();
        Value image = builder.Input("image", new TensorSpec([Dimension.Batch, 6, 6, 4]));
        Value computed = builder.Input("computed", new TensorSpec([3, 3, 4, 4]));
        Value made = builder.Add("computed_kernel", new Convolution(4, 3) { Padding = 1 }, [image, computed]).Output;
        made = builder.Add("depthwise", new Convolution(8, 3) { Groups = 4, Padding = 1 }, [made, Kernel("a", 3, 1, 8)]).Output;
        made = builder.Add("grouped", new Convolution(8, 3) { Groups = 2, Padding = 1 }, [made, Kernel("b", 3, 4, 8)]).Output;
        made = builder.Add("pointwise", new Convolution(4, 1), [made, Kernel("c", 1, 8, 4)]).Output;
        made = builder.Add("infinite", new Convolution(4, 3), [made, Kernel("d", 3, 4, 4, float.PositiveInfinity)]).Output;
        made = builder.Add("relu", new Unary(UnaryFunction.Relu), [made]).Output;
        using var model = new Model(builder.Build(builder.Add("standard", new Convolution(4, 3), [made, Kernel("e", 3, 4, 4)]).Output));

        Assert.Equal(
            [
                "its kernel is computed by the model", "depthwise already",
                "grouped: its 2 groups of channels do not mix, which a pointwise step would do", "1×1: there is no window to take apart",
                "its kernel has numbers that are not finite", "not a convolution", null,
            ],
            model.Graph.Nodes.Select(node => DecouplingRewrite.ReasonToKeep(model, node.Name)));
        SepalException error = Assert.Throws<SepalException>(() => DecouplingRewrite.Apply(model, "grouped", DecouplingForm.DepthwisePointwise, 1));
        Assert.Contains("The node grouped", error.Message, StringComparison.Ordinal);
        Assert.Contains("do not mix", error.Message, StringComparison.Ordinal);
        Assert.Throws<GraphException>(() => DecouplingRewrite.ReasonToKeep(model, "nowhere"));
        Assert.Contains("ranks from 1 to 4", Assert.Throws<SepalException>(
            () => DecouplingRewrite.Apply(model, "standard", DecouplingForm.DepthwisePointwise, 5)).Message, StringComparison.Ordinal);
        DecoupledKernel other = KernelDecomposition.Of(new float[9 * 4 * 5], 3, 4, 5, DecouplingForm.DepthwisePointwise).Truncate(1);
        Assert.Contains("Decompose this node's own kernel", Assert.Throws<SepalException>(
            () => DecouplingRewrite.Apply(model, new Dictionary<string, DecoupledKernel> { ["standard"] = other })).Message, StringComparison.Ordinal);

        Parameter Kernel(string name, int size, int inputs, int filters, float value = 1) =>
            builder.Parameter(name, [size, size, inputs, filters], new Constant(value));
    }

    [Fact]
    public void A_transposed_convolution_is_kept()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", ElementType.Float32, 1, 2, 4, 4)
            .Initializer("w", ImportHarness.Numbers(1, 2, 3, 3, 3))
            .Node("ConvTranspose", "x w", "y")
            .Output("y");
        using Model model = OnnxModel.Import(ExportHarness.Bytes(builder.Model));

        string reason = Assert.Single(model.Graph.Nodes.Where(node => node.Operator is ConvolutionTranspose)
            .Select(node => DecouplingRewrite.ReasonToKeep(model, node.Name)))!;
        Assert.StartsWith("transposed", reason, StringComparison.Ordinal);
    }

    private static string Short(string name) => name.EndsWith("/conv", StringComparison.Ordinal) ? name[..^"/conv".Length] : name;
}
