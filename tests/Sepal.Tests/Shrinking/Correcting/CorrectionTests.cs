using System.Numerics.Tensors;
using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Shrinking;
using Sepal.Tests.Inference.Rewrites;
using Sepal.Tests.Onnx;
using Sepal.Tests.Operators;
using Sepal.Training;
using Xunit;
using Convolution = Sepal.Operators.Convolution;

namespace Sepal.Tests.Shrinking.Correcting;

public sealed class CorrectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DecouplingForm.DepthwisePointwise, 1)]
    [InlineData(DecouplingForm.DepthwisePointwise, 2)]
    [InlineData(DecouplingForm.PointwiseDepthwise, 1)]
    [InlineData(DecouplingForm.PointwiseDepthwise, 2)]
    public void The_output_of_images_that_it_did_not_see_comes_nearer(DecouplingForm form, int rank)
    {
        using Model model = ShrinkingModels.Residual();
        string[] names = ShrinkingModels.Standard(model);
        using Model shrunk = Decoupled(model, names, form, rank);

        CorrectionResult result = Correction.Refit(model, shrunk, names, Images(60, seed: 3), cancellationToken: Cancellation);
        using Model corrected = result.Model;

        Assert.Equal(names, result.Layers.Select(layer => layer.Node));
        Assert.All(result.Layers, layer => Assert.True(layer.ErrorAfter < layer.ErrorBefore, $"{layer}"));
        Tensor<float> others = ShrinkingModels.Images(16, seed: 99);
        double before = Distance(model.Predict(others), shrunk.Predict(others));
        double after = Distance(model.Predict(others), corrected.Predict(others));
        Assert.True(after < 0.5 * before, $"before {before}, after {after}");
    }

    [Theory]
    [InlineData(3, 3, 1, 1, DecouplingForm.DepthwisePointwise)]
    [InlineData(3, 2, 2, 1, DecouplingForm.DepthwisePointwise)]
    [InlineData(2, 3, 1, 2, DecouplingForm.DepthwisePointwise)]
    [InlineData(3, 3, 2, 2, DecouplingForm.PointwiseDepthwise)]
    [InlineData(1, 4, 1, 1, DecouplingForm.PointwiseDepthwise)]
    public void Damaged_weights_are_found_again_where_the_form_holds_them(int height, int width, int stride, int dilation, DecouplingForm form)
    {
        foreach (Padding2D padding in (Padding2D[])[Padding2D.Valid, Padding2D.Same, Padding2D.Explicit(1, 0, 2, 1)])
        {
            var builder = new RewriteBuilder();
            Value image = builder.Input(12, 12, 4);
            using var model = new Model(builder.Build(builder.Convolve(
                image, new Convolution(12, (height, width)) { Strides = stride, DilationRate = dilation, Padding = padding })));
            string name = model.Graph.Nodes[0].Name;
            int rank = KernelDecomposition.Of(model, name, form).FullRank;
            using Model shrunk = DecouplingRewrite.Apply(model, name, form, rank);

            // Those that are fitted first: pointwise → depthwise has its filters, which are beside the exact pointwise kernels.
            string step = form == DecouplingForm.DepthwisePointwise ? "pointwise/kernel" : "depthwise/kernel";
            foreach (Parameter parameter in shrunk.Graph.Parameters.Where(parameter => parameter.Name.EndsWith(step, StringComparison.Ordinal)))
            {
                shrunk.SetParameter(parameter, TestNumbers.Uniform(new Random(5), parameter.Length));
            }

            float[] noise = TestNumbers.Uniform(new Random(7), 40 * 12 * 12 * 4);
            var images = new TensorDataset(Tensor.Create(noise, [40, 12, 12, 4]), new int[40]);
            CorrectionResult result = Correction.Refit(
                model, shrunk, [name], images, new CorrectionOptions { Redecompose = false, Rounds = 0, Ridges = [1e-9] }, Cancellation);
            using Model corrected = result.Model;

            Assert.True(result.Layers[0].ErrorBefore > 0.5);
            Assert.True(result.Layers[0].ErrorAfter < 1e-4, $"padding {padding}: {result.Layers[0]}");
            Tensor<float> others = ShrinkingModels.Images(4, seed: 9, channels: 4);
            Assert.True(Distance(model.Predict(others), corrected.Predict(others)) < 1e-3);
        }
    }

    [Fact]
    public void A_layer_makes_up_for_errors_of_layers_before_it()
    {
        using Model model = ShrinkingModels.Residual();
        string[] names = ShrinkingModels.Standard(model);
        (string first, string second) = (names[1], names[2]);
        using Model damaged = DecouplingRewrite.Apply(model, first, DecouplingForm.DepthwisePointwise, 1);
        using Model shrunk = DecouplingRewrite.Apply(damaged, second, DecouplingForm.DepthwisePointwise, 8);

        // The second layer is exact as it is, so that all there is to correct is the first one's error.
        CorrectionResult result = Correction.Refit(model, shrunk, [second], Images(60, seed: 3), cancellationToken: Cancellation);
        using Model corrected = result.Model;

        Tensor<float> others = ShrinkingModels.Images(16, seed: 99);
        double before = Distance(model.Predict(others), shrunk.Predict(others));
        double after = Distance(model.Predict(others), corrected.Predict(others));
        Assert.True(after < 0.8 * before, $"before {before}, after {after}");
        Assert.Equal(Kernel(shrunk, first), Kernel(corrected, first));
        Assert.NotEqual(Kernel(shrunk, second), Kernel(corrected, second));

        static float[] Kernel(Model network, string name) => network
            .GetParameter(network.Graph.Parameters.First(parameter => parameter.Name.StartsWith($"{name}/", StringComparison.Ordinal)))
            .ToArray();
    }

    [Fact]
    public void Rounds_and_weighing_each_lower_the_error()
    {
        // Without a rectifier, whose goals would move from round to round.
        using Model model = Single(isRectified: false);
        using Model shrunk = DecouplingRewrite.Apply(model, "conv", DecouplingForm.DepthwisePointwise, 1);

        double plain = Error(new CorrectionOptions { Redecompose = false, Rounds = 0 });
        double weighed = Error(new CorrectionOptions { Rounds = 0 });
        double rounds = Error(new CorrectionOptions { Rounds = 3 });
        Assert.True(weighed < 0.9 * plain, $"plain {plain}, weighed {weighed}");
        Assert.True(rounds < 0.97 * weighed, $"weighed {weighed}, with rounds {rounds}");

        double Error(CorrectionOptions options)
        {
            CorrectionResult result = Correction.Refit(model, shrunk, ["conv"], Images(60, seed: 3), options, Cancellation);
            result.Model.Dispose();
            return result.Layers[0].ErrorAfter;
        }
    }

    [Fact]
    public void What_a_rectifier_cuts_off_need_not_be_right()
    {
        using Model linear = Single(isRectified: false);
        using Model rectified = Single(isRectified: true);
        float[] expected = Output(rectified);

        double without = Error(linear);
        double with = Error(rectified);
        Assert.True(with < 0.99 * without, $"as if all passed {without}, with the rectifier {with}");

        double Error(Model model)
        {
            using Model shrunk = DecouplingRewrite.Apply(model, "conv", DecouplingForm.DepthwisePointwise, 1);
            using Model corrected = Correction.Refit(model, shrunk, ["conv"], Images(60, seed: 3), new CorrectionOptions { Rounds = 10 }, Cancellation).Model;
            return Math.Sqrt(expected.Zip(Output(corrected)).Sum(pair => Math.Pow((double)pair.First - pair.Second, 2)));
        }

        static float[] Output(Model model) =>
            Array.ConvertAll(ShrinkingModels.Numbers(model.Predict(ShrinkingModels.Images(16, seed: 99))), number => Math.Max(number, 0));
    }

    [Fact]
    public void An_exact_layer_stays_exact()
    {
        using Model model = ShrinkingModels.Residual();
        string name = ShrinkingModels.Standard(model)[0];
        using Model shrunk = DecouplingRewrite.Apply(model, name, DecouplingForm.DepthwisePointwise, 8);
        CorrectionResult result = Correction.Refit(model, shrunk, [name], Images(24, seed: 3), cancellationToken: Cancellation);
        using Model corrected = result.Model;

        Assert.True(result.Layers[0].ErrorAfter < 1e-4);
        Tensor<float> others = ShrinkingModels.Images(4, seed: 9);
        Assert.True(Distance(model.Predict(others), corrected.Predict(others)) < 1e-3);
    }

    [Fact]
    public void A_layer_gets_a_bias_of_its_own_only_where_biases_are_corrected()
    {
        using Model model = ShrinkingModels.Residual();
        string[] names = ShrinkingModels.Standard(model);
        using Model shrunk = Decoupled(model, names, DecouplingForm.DepthwisePointwise, 2);
        using Model with = Correction.Refit(model, shrunk, names, Images(24, seed: 3), cancellationToken: Cancellation).Model;
        using Model without = Correction.Refit(
            model, shrunk, names, Images(24, seed: 3), new CorrectionOptions { CorrectBias = false }, Cancellation).Model;

        string bias = $"{DecouplingRewrite.PointwiseName(names[0], 0, 2)}/bias";
        Parameter added = Assert.Single(with.Graph.Parameters, parameter => parameter.Name == bias);
        Assert.Contains(with.GetParameter(added).ToArray(), number => number != 0);
        Assert.Equal(
            shrunk.Graph.Parameters.Select(parameter => parameter.Name), without.Graph.Parameters.Select(parameter => parameter.Name));

        // The projection had its own from the start, which stays in the network without a correction of biases.
        Parameter old = Assert.Single(without.Graph.Parameters, parameter => parameter.Name.StartsWith(names[^1], StringComparison.Ordinal) && parameter.Name.EndsWith("bias", StringComparison.Ordinal));
        Assert.Equal(
            shrunk.GetParameter(shrunk.Graph.Parameters.Single(parameter => parameter.Name == old.Name)).ToArray(), without.GetParameter(old).ToArray());
    }

    [Fact]
    public void The_mean_of_a_corrected_output_is_the_original_s_where_nothing_is_cut_off()
    {
        using Model model = ShrinkingModels.Residual();
        string name = ShrinkingModels.Standard(model)[2];
        using Model shrunk = DecouplingRewrite.Apply(model, name, DecouplingForm.DepthwisePointwise, 1);
        Tensor<float> images = ShrinkingModels.Images(60, seed: 3);
        using Model corrected = Correction.Refit(
            model, shrunk, [name], new TensorDataset(images, new int[60]), new CorrectionOptions { Samples = 60 * 144 }, Cancellation).Model;

        double[] expected = Means(model.Activation(name, images));
        double[] before = Means(shrunk.Activation(DecouplingRewrite.PointwiseName(name), images));
        double[] after = Means(corrected.Activation(DecouplingRewrite.PointwiseName(name), images));
        Assert.True(Largest(expected, after) < 0.2 * Largest(expected, before), $"{Largest(expected, before)}, {Largest(expected, after)}");

        static double[] Means(Tensor<float> tensor)
        {
            float[] numbers = ShrinkingModels.Numbers(tensor);
            return [.. Enumerable.Range(0, 8).Select(channel => numbers.Where((_, index) => index % 8 == channel).Average(number => (double)number))];
        }

        static double Largest(double[] left, double[] right) => left.Zip(right).Max(pair => Math.Abs(pair.First - pair.Second));
    }

    [Fact]
    public void Threads_make_no_difference_and_the_networks_given_stay_as_they_are()
    {
        using Model model = ShrinkingModels.Residual();
        string[] names = ShrinkingModels.Standard(model);
        using Model shrunk = Decoupled(model, names, DecouplingForm.DepthwisePointwise, 2);
        float[][] numbers = Numbers(shrunk);
        using Model one = Correction.Refit(model, shrunk, names, Images(24, seed: 3), new CorrectionOptions { Threads = 1 }, Cancellation).Model;
        using Model two = Correction.Refit(model, shrunk, names, Images(24, seed: 3), new CorrectionOptions { Threads = 2 }, Cancellation).Model;

        Assert.Equal(Numbers(one), Numbers(two));
        Assert.Equal(numbers, Numbers(shrunk));

        static float[][] Numbers(Model network) => [.. network.Graph.Parameters.Select(parameter => network.GetParameter(parameter).ToArray())];
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using Model model = ShrinkingModels.Residual();
        string[] names = ShrinkingModels.Standard(model);
        using Model shrunk = Decoupled(model, names[..1], DecouplingForm.DepthwisePointwise, 1);
        Dataset images = Images(4, seed: 1);

        Refused("are not decoupled", () => Refit(names[1], images), "has no decoupled layer");
        Refused("no convolution", () => Refit("scores", images), "not a convolution");
        Refused("no node", () => Refit("nowhere", images), "no node 'nowhere'");
        Refused("another size", () => Refit(names[0], new TensorDataset(ShrinkingModels.Images(4, side: 8), new int[4])), "(8, 8, 3)");
        Refused("one image", () => Refit(names[0], Images(1, seed: 1)), "at least 2");
        Refused("no samples", () => Refit(names[0], images, new CorrectionOptions { Samples = 0 }), "number of samples");
        Refused("no ridge", () => Refit(names[0], images, new CorrectionOptions { Ridges = [] }), "ridges");

        void Refit(string name, Dataset dataset, CorrectionOptions? options = null) =>
            Correction.Refit(model, shrunk, [name], dataset, options, Cancellation).Model.Dispose();

        static void Refused(string what, Action action, string part)
        {
            SepalException error = Assert.ThrowsAny<SepalException>(action);
            Assert.True(error.Message.Contains(part, StringComparison.Ordinal), $"{what}: {error.Message}");
        }
    }

    /// <summary>One layer: a third of the outputs pass, and half of the channels are turned, so that what is above is cut off.</summary>
    private static Model Single(bool isRectified)
    {
        var input = new Input(ShrinkingModels.Side, ShrinkingModels.Side, 3);
        LayerOutput output = new BatchNormalization().Apply(new Conv2D(16, 3) { Name = "conv" }.Apply(input));
        var model = new Model(input, isRectified ? new Activation(Activations.Relu).Apply(output) : output);
        ExportHarness.Randomize(model, 5);
        float[] outputs = ShrinkingModels.Numbers(model.Activation("conv", ShrinkingModels.Images(60, seed: 3)));
        float[][] channels = [.. Enumerable.Range(0, 16).Select(channel => outputs.Where((_, index) => index % 16 == channel).ToArray())];
        float[] means = [.. channels.Select(numbers => numbers.Average())];
        Set("gamma", channel => channel % 2 == 0 ? 0.8f : -1.2f);
        Set("beta", _ => -0.5f);
        Set("mean", channel => means[channel]);
        Set("variance", channel => channels[channel].Average(number => (number - means[channel]) * (number - means[channel])));
        return model;

        void Set(string name, Func<int, float> value) => model.SetParameter(
            model.Graph.Parameters.Single(parameter => parameter.Name.EndsWith(name, StringComparison.Ordinal)),
            [.. Enumerable.Range(0, 16).Select(value)]);
    }

    private static TensorDataset Images(int count, int seed) => new(ShrinkingModels.Images(count, seed), new int[count]);

    private static Model Decoupled(Model model, string[] names, DecouplingForm form, int rank) => DecouplingRewrite.Apply(
        model, names.ToDictionary(name => name, name => KernelDecomposition.Of(model, name, form).Truncate(rank)));

    private static double Distance(Tensor<float> expected, Tensor<float> actual)
    {
        float[] numbers = ShrinkingModels.Numbers(expected);
        return Math.Sqrt(numbers.Zip(ShrinkingModels.Numbers(actual)).Sum(pair => Math.Pow((double)pair.First - pair.Second, 2))
            / numbers.Sum(number => (double)number * number));
    }
}
