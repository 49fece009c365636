using Sepal.Layers;
using Sepal.Training;
using Sepal.Training.Callbacks;
using Sepal.Training.Checkpoints;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;
using Sepal.Training.Schedules;

namespace Sepal.Tests.Training.Checkpoints;

/// <summary>
/// One small run with all that a checkpoint must bring back: moments, a schedule, dropout, moving statistics, averages, the
/// best weights, how long early stopping has waited, an epoch's half-made means and order.
/// </summary>
internal sealed class CheckpointedRun
{
    public const int StepsPerEpoch = 7;

    public string Optimizer { get; init; } = "adam";

    public double? Average { get; init; } = 0.9;

    public int Epochs { get; init; } = 4;

    public int Threads { get; init; } = 2;

    public ulong Seed { get; init; } = 5;

    public int Examples { get; init; } = 52;

    public int Filters { get; init; } = 6;

    public int BatchSize { get; init; } = 8;

    public ulong DataSeed { get; init; } = 1;

    public double ClipNorm { get; init; } = 1;

    public float[] ClassWeights { get; init; } = [1, 2, 0.5f, 1];

    public float LabelSmoothing { get; init; } = 0.05f;

    public bool Shuffle { get; init; } = true;

    public int Patience { get; init; } = 2;

    public ulong ValidationSeed { get; init; } = 2;

    public CheckpointOptions? Checkpoints { get; init; }

    public bool Resume { get; init; }

    public List<string> Warnings { get; } = [];

    /// <summary>Called after every step; may break the run off.</summary>
    public Action<BatchProgress> AfterStep { get; init; } = _ => { };

    public CancellationToken Cancellation { get; init; }

    /// <summary>Runs in a new model.</summary>
    /// <returns>All that must be the same in the end: the weights' bits, the epochs' figures.</returns>
    public Outcome Run()
    {
        using Sequential model =
        [
            new Input(Clusters.Size, Clusters.Size, 1),
            new Conv2D(Filters, 3) { KernelL2 = 0.001f },
            new BatchNormalization { Momentum = 0.9f },
            new Activation(Activations.Relu),
            new Flatten(),
            new Dropout(0.3f),
            new Dense(4) { Activation = Activations.Softmax },
        ];
        model.Initialize(7);
        var rate = new CosineSchedule(0.02, Steps: 40);
        model.Compile(
            Optimizer switch
            {
                "sgd" => new Sgd(rate),
                "momentum" => new Sgd(rate) { Momentum = 0.9f },
                "rmsprop" => new RmsProp(rate),
                _ => new Adam(rate),
            },
            new SparseCategoricalCrossentropy { LabelSmoothing = LabelSmoothing },
            new Accuracy(),
            new TopAccuracy(2));
        var best = new BestModel();
        History history = model.Fit(new Clusters(Examples, DataSeed), new FitOptions
        {
            Epochs = Epochs,
            BatchSize = BatchSize,
            Seed = Seed,
            Threads = Threads,
            ShowProgress = false,
            Shuffle = Shuffle,
            Validation = new Clusters(30, ValidationSeed),
            ClipNorm = ClipNorm,
            ClassWeights = ClassWeights,
            WeightAverage = Average,
            Checkpoints = Checkpoints,
            Resume = Resume,
            Warn = Warnings.Add,
            CancellationToken = Cancellation,
            Callbacks = [new EarlyStopping { Monitor = "loss", Patience = Patience, RestoreBestWeights = true }, best, new Stepper(AfterStep)],
        });
        return new Outcome(
            [.. model.Graph.Parameters.SelectMany(parameter => model.GetParameter(parameter).ToArray()).Select(BitConverter.SingleToInt32Bits)],
            [.. history.Epochs.Select(epoch => string.Join(' ', epoch.FigureNames.Select(name => $"{name}={epoch.Figure(name):R}").Append($"{epoch.Epoch} {epoch.LearningRate:R}")))],
            best.BestEpoch);
    }

    private sealed class Stepper(Action<BatchProgress> action) : Callback
    {
        public override void OnBatchEnd(in BatchProgress progress) => action(progress);
    }
}

/// <summary>What a run gave.</summary>
internal sealed record Outcome(int[] Weights, string[] Epochs, int BestEpoch)
{
    public static void RequireSame(Outcome expected, Outcome actual)
    {
        Xunit.Assert.Equal(expected.Epochs, actual.Epochs);
        Xunit.Assert.Equal(expected.Weights, actual.Weights);
        Xunit.Assert.Equal(expected.BestEpoch, actual.BestEpoch);
    }
}
