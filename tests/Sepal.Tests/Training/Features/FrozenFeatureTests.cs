using Sepal.Architectures;
using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Randomness;
using Sepal.Training;
using Sepal.Training.Checkpoints;
using Sepal.Training.Features;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Training.Features;

/// <summary>Kept features of frozen layers change how often data are read, and no bit of the result.</summary>
public sealed class FrozenFeatureTests
{
    private const int Classes = 3;

    public static TheoryData<string> Backbones =>
    [
        "small", "follows-batch", "skip", "convolution-normalized", "pointwise-normalized", "depthwise-normalized", "normalization-activated",
        "mobilenet-v1-0.25", "mobilenet-v3-small", "shufflenet-v2-1.0", "efficientnet-b0",
    ];

    [Theory]
    [MemberData(nameof(Backbones))]
    public void Training_and_validation_give_the_same_bits_with_and_without(string backbone)
    {
        var train = new Counted(new Pictures(20));
        var validation = new Counted(new Pictures(9, seed: 2));
        (float[] plain, History without) = Fit(backbone, new Counted(new Pictures(20)), validation, cache: false);
        validation.Reads = 0;
        (float[] cached, History with) = Fit(backbone, train, validation, cache: true);
        Assert.Equal(Figures(without), Figures(with));
        Assert.Equal(plain, cached);
        Assert.Equal(20, train.Reads);

        // Once as a whole and once in parts; then features only.
        Assert.Equal(18, validation.Reads);
    }

    [Fact]
    public void What_does_not_fit_into_memory_goes_to_a_file_that_is_gone_afterwards()
    {
        string[] before = Left();
        var train = new Counted(new Pictures(20));
        (float[] plain, _) = Fit("small", new Counted(new Pictures(20)), null, cache: false);
        (float[] cached, _) = Fit("small", train, null, cache: true, memory: 100);
        Assert.Equal(plain, cached);
        Assert.Equal(20, train.Reads);
        Assert.Equal(before, Left());

        static string[] Left() => Directory.GetFiles(Path.GetTempPath(), "sepal-features-*");
    }

    [Fact]
    public void Data_that_change_are_read_in_every_epoch()
    {
        var train = new Counted(new Pictures(20), isFixed: false);
        Fit("small", train, null, cache: true);
        Assert.Equal(60, train.Reads);
    }

    [Fact]
    public void A_teacher_sees_the_examples_and_not_their_features()
    {
        using Model teacher = Backbone("small");
        var train = new Counted(new Pictures(20));
        (float[] plain, _) = Fit("small", new Counted(new Pictures(20)), null, cache: false, teacher: teacher);
        (float[] cached, _) = Fit("small", train, null, cache: true, teacher: teacher);
        Assert.Equal(plain, cached);
        Assert.Equal(60, train.Reads);
    }

    [Fact]
    public void A_resumed_run_ends_in_the_same_bits()
    {
        using var directory = new TemporaryDirectory();
        var checkpoints = new CheckpointOptions { Directory = directory.File("checkpoints"), EverySteps = 1 };
        (float[] expected, _) = Fit("small", new Pictures(20), null, cache: false);
        var broken = new Broken(new Pictures(20), after: 20 + 8);
        Assert.Throws<InvalidOperationException>(() => Fit("small", broken, null, cache: false, checkpoints: checkpoints));
        (float[] resumed, _) = Fit("small", new Pictures(20), null, cache: true, checkpoints: checkpoints, resume: true);
        Assert.Equal(expected, resumed);
    }

    [Fact]
    public void A_model_is_cut_above_what_is_frozen_and_below_what_is_random_or_follows_the_batch()
    {
        using Model whole = Backbone("small");
        Assert.Null(FrozenSplit.Find(whole.Graph));

        using Model frozen = whole.Freeze("conv2d", "batch_normalization", "conv2d_1");
        Assert.Equal("conv2d_1", Cut(frozen));
        using Model followsBatch = whole.Freeze("conv2d", "conv2d_1");
        Assert.Equal("conv2d", Cut(followsBatch));

        // The block's skip connection goes around its first convolution, so the cut is before both.
        using Model skip = Backbone("skip").Freeze("conv2d", "conv2d_1");
        Assert.Equal("conv2d", Cut(skip));

        static string Cut(Model model) => FrozenSplit.Find(model.Graph)!.Features.Name.Split('/', ':')[0];
    }

    private static (float[] Weights, History History) Fit(
        string backbone,
        Dataset train,
        Dataset? validation,
        bool cache,
        long memory = 1 << 20,
        CheckpointOptions? checkpoints = null,
        bool resume = false,
        Model? teacher = null)
    {
        using Model whole = Backbone(backbone);
        using Model model = backbone switch
        {
            "small" => whole.Freeze("conv2d", "batch_normalization", "conv2d_1"),
            "skip" => whole.Freeze("conv2d", "conv2d_1"),
            "follows-batch" => whole.Freeze("conv2d", "conv2d_1"),
            "normalization-activated" => whole.Freeze("conv2d", "batch_normalization"),
            _ when backbone.EndsWith("-normalized", StringComparison.Ordinal) => whole.Freeze("below", "first"),
            _ => AllButHead(whole),
        };
        model.Compile(new Adam(0.01), new SparseCategoricalCrossentropy(), new Accuracy());
        History history = model.Fit(train, new FitOptions
        {
            Epochs = 3,
            BatchSize = 8,
            Seed = 4,
            ShowProgress = false,
            Validation = validation,
            WeightAverage = 0.5,
            CacheFrozenFeatures = cache,
            FeatureCacheMemory = memory,
            Checkpoints = checkpoints,
            Resume = resume,
            Distillation = teacher is null ? null : new Distillation(teacher),
        });
        return ([.. model.Graph.Parameters.SelectMany(parameter => model.GetParameter(parameter).ToArray())], history);
    }

    private static Model AllButHead(Model model)
    {
        using Model frozen = model.Freeze();
        return frozen.ReplaceHead(Classes, seed: 3);
    }

    private static Model Backbone(string name)
    {
        Model model = name switch
        {
            "small" or "follows-batch" => Small(),
            "skip" => Skip(),
            "normalization-activated" => ActivatedTwice(),
            "convolution-normalized" => Normalized(new Conv2D(24, 3) { Name = "first", UseBias = false }),
            "pointwise-normalized" => Normalized(new Conv2D(24, 1) { Name = "first", UseBias = false }),
            "depthwise-normalized" => Normalized(new DepthwiseConv2D(3) { Name = "first", UseBias = false }),
            _ => (Architecture.Create(name) with { InputShape = [Pictures.Size, Pictures.Size, 3], DropoutRate = 0.2f }).Build(),
        };
        model.Initialize(2);
        return model;
    }

    private static Sequential Small() =>
    [
        new Input(Pictures.Size, Pictures.Size, 3),
        new Conv2D(8, 3) { Activation = Activations.Relu },
        new BatchNormalization(),
        new Conv2D(8, 3) { Activation = Activations.Relu },
        new Dropout(0.4f),
        new Conv2D(8, 3) { Activation = Activations.Relu },
        new GlobalAveragePooling2D(),
        new Dropout(0.3f),
        new Dense(Classes) { Activation = Activations.Softmax },
    ];

    /// <summary>Training computes the normalisation's sums with a convolution that is frozen here, and so above the cut.</summary>
    private static Sequential Normalized(Layer first) =>
    [
        new Input(Pictures.Size, Pictures.Size, 3),
        new Conv2D(16, 3) { Name = "below", Activation = Activations.Relu },
        first,
        new BatchNormalization(),
        new Activation(Activations.Relu),
        new Conv2D(8, 3) { Activation = Activations.Relu },
        new GlobalAveragePooling2D(),
        new Dense(Classes) { Activation = Activations.Softmax },
    ];

    /// <summary>What is frozen ends in a normalisation, and the activation after it is above the cut.</summary>
    private static Model ActivatedTwice()
    {
        var input = new Input(Pictures.Size, Pictures.Size, 3);
        LayerOutput x = new BatchNormalization().Apply(new Conv2D(8, 3).Apply(input));
        LayerOutput y = new Conv2D(8, 1).Apply(new Activation(Activations.Relu).Apply(x));
        LayerOutput sum = new Add().Apply(x, y);
        return new Model(input, new Dense(Classes) { Activation = Activations.Softmax }.Apply(new GlobalAveragePooling2D().Apply(sum)));
    }

    private static Model Skip()
    {
        var input = new Input(Pictures.Size, Pictures.Size, 3);
        LayerOutput x = new Conv2D(8, 3) { Padding = Padding2D.Same, Activation = Activations.Relu }.Apply(input);
        LayerOutput y = new Conv2D(8, 3) { Padding = Padding2D.Same, Activation = Activations.Relu }.Apply(x);
        y = new Conv2D(8, 3) { Padding = Padding2D.Same }.Apply(y);
        LayerOutput sum = new Add().Apply(x, y);
        return new Model(input, new Dense(Classes) { Activation = Activations.Softmax }.Apply(new GlobalAveragePooling2D().Apply(sum)));
    }

    private static string[] Figures(History history) =>
        [.. history.Epochs.Select(epoch => string.Join(' ', epoch.FigureNames.Select(name => $"{name}={epoch.Figure(name):R}")))];

    private sealed class Pictures(int count, ulong seed = 1) : Dataset
    {
        public const int Size = 32;

        public override int Count => count;

        public override Shape InputShape => [Size, Size, 3];

        public override Shape TargetShape => Shape.Scalar;

        public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
        {
            const int Length = Size * Size * 3;
            for (int row = 0; row < indices.Length; row++)
            {
                var random = new RandomStream(seed, (ulong)indices[row]);
                targets[row] = indices[row] % Classes;
                for (int element = 0; element < Length; element++)
                {
                    inputs[(row * Length) + element] = (random.NextSingle() - 0.5f) + (element % Classes == indices[row] % Classes ? 1 : 0);
                }
            }
        }
    }

    private sealed class Counted(Dataset inner, bool isFixed = true) : Dataset
    {
        public int Reads { get; set; }

        public override int Count => inner.Count;

        public override Shape InputShape => inner.InputShape;

        public override Shape TargetShape => inner.TargetShape;

        public override bool IsFixed => isFixed;

        public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
        {
            Reads += indices.Length;
            inner.Read(indices, inputs, targets);
        }
    }

    private sealed class Broken(Dataset inner, int after) : Dataset
    {
        private int _left = after + 16;

        public override int Count => inner.Count;

        public override Shape InputShape => inner.InputShape;

        public override Shape TargetShape => inner.TargetShape;

        public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
        {
            _left -= indices.Length;
            if (_left < 0)
            {
                throw new InvalidOperationException("broken off");
            }

            inner.Read(indices, inputs, targets);
        }
    }
}
