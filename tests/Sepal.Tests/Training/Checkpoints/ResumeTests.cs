using Sepal.Layers;
using Sepal.Onnx;
using Sepal.Training;
using Sepal.Training.Callbacks;
using Sepal.Training.Checkpoints;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Training.Checkpoints;

/// <summary>A run that is broken off and resumed ends in the same bits as one that was not.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("adam", 0.9, new[] { 1, 3, 5, 7, 8, 2 })]
    [InlineData("adam", null, new[] { 6, 1, 1, 9 })]
    [InlineData("sgd", null, new[] { 10 })]
    [InlineData("momentum", 0.5, new[] { 15, 3 })]
    [InlineData("rmsprop", null, new[] { 7, 7 })]
    public void A_run_broken_off_again_and_again_ends_in_the_same_bits(string optimizer, double? average, int[] steps)
    {
        Outcome expected = new CheckpointedRun { Optimizer = optimizer, Average = average }.Run();
        for (int leg = 0; leg < steps.Length; leg++)
        {
            int left = steps[leg];
            var broken = new CheckpointedRun
            {
                Optimizer = optimizer,
                Average = average,
                Threads = 1 + (leg % 3),
                Checkpoints = Options(everySteps: 2),
                Resume = true,
                AfterStep = _ =>
                {
                    if (--left == 0)
                    {
                        throw new InvalidOperationException("broken off");
                    }
                },
            };
            Assert.Throws<InvalidOperationException>(broken.Run);
        }

        var rest = new CheckpointedRun { Optimizer = optimizer, Average = average, Checkpoints = Options(everySteps: 2), Resume = true };
        Outcome.RequireSame(expected, rest.Run());
        Assert.Empty(rest.Warnings);
    }

    [Fact]
    public void Checkpoints_change_nothing() =>
        Outcome.RequireSame(new CheckpointedRun().Run(), new CheckpointedRun { Checkpoints = Options(everySteps: 1) }.Run());

    [Fact]
    public void A_run_that_is_done_gives_its_result_again_and_goes_on_where_more_epochs_are_asked_for()
    {
        Outcome two = new CheckpointedRun { Epochs = 2, Checkpoints = Options() }.Run();
        int steps = 0;
        Outcome again = new CheckpointedRun { Epochs = 2, Checkpoints = Options(), Resume = true, AfterStep = _ => steps++ }.Run();
        Assert.Equal(0, steps);
        Outcome.RequireSame(two, again);

        Outcome four = new CheckpointedRun { Epochs = 4, Checkpoints = Options(), Resume = true }.Run();
        Outcome.RequireSame(new CheckpointedRun { Epochs = 4 }.Run(), four);

        CheckpointException error = Assert.Throws<CheckpointException>(
            () => new CheckpointedRun { Epochs = 1, Checkpoints = Options(), Resume = true }.Run());
        Assert.Contains("only 1 are asked for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_run_leaves_a_checkpoint_to_go_on_from()
    {
        Outcome expected = new CheckpointedRun().Run();
        using var source = new CancellationTokenSource();
        int steps = 0;
        var cancelled = new CheckpointedRun
        {
            Checkpoints = Options(everySteps: 3),
            Cancellation = source.Token,
            AfterStep = _ =>
            {
                if (++steps == 11)
                {
                    source.Cancel();
                }
            },
        };
        Assert.Throws<OperationCanceledException>(cancelled.Run);
        int first = 0;
        Outcome resumed = new CheckpointedRun
        {
            Checkpoints = Options(everySteps: 3),
            Resume = true,
            AfterStep = progress => first = first == 0 ? progress.Examples : first,
        }.Run();
        Outcome.RequireSame(expected, resumed);

        // Step 9 was the second of the second epoch; the next one takes examples 17 to 24.
        Assert.Equal(24, first);
    }

    [Fact]
    public void Where_there_is_nothing_to_resume_training_begins_and_says_so()
    {
        var run = new CheckpointedRun { Checkpoints = Options(), Resume = true };
        Outcome.RequireSame(new CheckpointedRun().Run(), run.Run());
        Assert.Contains("begins anew", Assert.Single(run.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_checkpoints_are_kept_and_hold_the_model()
    {
        new CheckpointedRun { Epochs = 2, Checkpoints = Options(everySteps: 2, keep: 3) }.Run();
        string[] names = [.. Directory.GetDirectories(_directory).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        Assert.Equal(["step-000000010", "step-000000012", "step-000000014"], names);
        using Model model = OnnxModel.Import(Path.Combine(_directory, names[^1], "model.onnx"));
        Assert.Equal(new CheckpointedRun { Epochs = 2 }.Run().Weights.Length, model.Graph.Parameters.Sum(parameter => (int)parameter.Length));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.8)]
    public void The_model_of_a_checkpoint_is_that_which_validation_saw(double? average)
    {
        using Sequential model = Classifier(rate: 0.01);
        model.Fit(new Clusters(64), Fit(epochs: 2, average));
        using Model written = OnnxModel.Import(Path.Combine(Directory.GetDirectories(_directory).Max(StringComparer.Ordinal)!, "model.onnx"));

        Assert.Equal(Numbers(model), Numbers(written));

        static float[] Numbers(Model model) => [.. model.Graph.Parameters.SelectMany(parameter => model.GetParameter(parameter).ToArray())];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_was_best_and_how_long_there_was_nothing_better_is_remembered(int before)
    {
        // With a rate of zero nothing gets better than the first epoch, and three more are borne.
        FitAtRest(before, resume: false);
        (History history, EarlyStopping stopping, BestModel best) = FitAtRest(epochs: 9, resume: true);

        Assert.Equal(4, history.Epochs.Count);
        Assert.Equal((1, 1), (stopping.BestEpoch, best.BestEpoch));
    }

    [Theory]
    [InlineData("learning rate", "optimizer")]
    [InlineData("seed", "seed (checkpoint: 5; now: 6)")]
    [InlineData("batch", "batch size (checkpoint: 8; now: 13)")]
    [InlineData("average", "weight average (checkpoint: 0.9; now: 0.5)")]
    [InlineData("data", "training data")]
    [InlineData("count", "training data (checkpoint: 52 examples")]
    [InlineData("model", "the model (checkpoint: conv2d/kernel (3, 3, 1, 6)")]
    [InlineData("class weights", "class weights (checkpoint: 1, 2, 0.5, 1; now: 1, 1, 1, 1)")]
    [InlineData("clip norm", "clip norm (checkpoint: 1; now: 2)")]
    [InlineData("smoothing", "loss (checkpoint: sparse_categorical_crossentropy, from logits: False, label smoothing 0.05; now: ")]
    [InlineData("shuffling", "shuffling (checkpoint: on; now: off)")]
    [InlineData("patience", "callbacks (checkpoint: early stopping by loss after 2 epochs without 0, best weights; best model by val_loss; now: ")]
    [InlineData("validation", "validation data (checkpoint: 30 examples")]
    public void Another_run_is_not_taken_up_and_what_differs_is_named(string what, string expected)
    {
        new CheckpointedRun { Epochs = 1, Checkpoints = Options() }.Run();
        var other = new CheckpointedRun
        {
            Epochs = 2,
            Checkpoints = Options(),
            Resume = true,
            Optimizer = what == "learning rate" ? "momentum" : "adam",
            Seed = what == "seed" ? 6ul : 5,
            BatchSize = what == "batch" ? 13 : 8,
            Average = what == "average" ? 0.5 : 0.9,
            DataSeed = what == "data" ? 3ul : 1,
            Examples = what == "count" ? 51 : 52,
            Filters = what == "model" ? 5 : 6,
            ClassWeights = what == "class weights" ? [1, 1, 1, 1] : [1, 2, 0.5f, 1],
            ClipNorm = what == "clip norm" ? 2 : 1,
            LabelSmoothing = what == "smoothing" ? 0 : 0.05f,
            Shuffle = what != "shuffling",
            Patience = what == "patience" ? 3 : 2,
            ValidationSeed = what == "validation" ? 3ul : 2,
        };
        CheckpointException error = Assert.Throws<CheckpointException>(other.Run);
        Assert.Contains("belongs to another run", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_run_does_not_begin_among_the_checkpoints_of_another()
    {
        new CheckpointedRun { Epochs = 1, Checkpoints = Options() }.Run();
        CheckpointException error = Assert.Throws<CheckpointException>(new CheckpointedRun { Checkpoints = Options() }.Run);
        Assert.Contains("step-000000007", error.Message, StringComparison.Ordinal);
        Assert.Contains("Set Resume", error.Message, StringComparison.Ordinal);
    }

    private static Sequential Classifier(double rate)
    {
        Sequential model = [new Input(Clusters.Size, Clusters.Size, 1), new Flatten(), new Dense(4) { Activation = Activations.Softmax }];
        model.Initialize(1);
        model.Compile(new Adam(rate), new SparseCategoricalCrossentropy(), new Accuracy());
        return model;
    }

    private (History History, EarlyStopping Stopping, BestModel Best) FitAtRest(int epochs, bool resume)
    {
        using Sequential model = Classifier(rate: 0);
        var stopping = new EarlyStopping { Patience = 3 };
        var best = new BestModel();
        History history = model.Fit(new Clusters(64), Fit(epochs, average: null, resume, stopping, best));
        return (history, stopping, best);
    }

    private FitOptions Fit(int epochs, double? average, bool resume = false, params Callback[] callbacks) => new()
    {
        Epochs = epochs,
        BatchSize = 16,
        Seed = 1,
        ShowProgress = false,
        Validation = new Clusters(30, seed: 2),
        WeightAverage = average,
        Checkpoints = Options(),
        Resume = resume,
        Callbacks = callbacks,
    };

    private CheckpointOptions Options(int? everySteps = null, int keep = 2) =>
        new() { Directory = _directory, EverySteps = everySteps, Keep = keep };
}
