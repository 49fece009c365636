using Sepal.Layers;
using Sepal.Training;
using Sepal.Training.Callbacks;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Training;

public class CallbackTests
{
    private static Sequential Compiled(double rate = 0.01)
    {
        Sequential model = [new Input(Clusters.Size, Clusters.Size, 1), new Flatten(), new Dense(4) { Activation = Activations.Softmax }];
        model.Initialize(1);
        model.Compile(new Adam(rate), new SparseCategoricalCrossentropy(), new Accuracy());
        return model;
    }

    private static FitOptions Options(int epochs, params Callback[] callbacks) => new()
    {
        Epochs = epochs,
        Seed = 1,
        ShowProgress = false,
        Validation = new Clusters(100, seed: 2),
        Callbacks = callbacks,
    };

    [Fact]
    public void Early_stopping_waits_as_long_as_it_is_told()
    {
        // With a rate of zero nothing ever gets better: the first epoch counts as best, and two more are borne.
        using Sequential model = Compiled(rate: 0);
        Assert.Equal(3, model.Fit(new Clusters(64), Options(10, new EarlyStopping { Patience = 2 })).Epochs.Count);
        Assert.Equal(6, model.Fit(new Clusters(64), Options(10, new EarlyStopping { Patience = 5, Monitor = "val_accuracy" })).Epochs.Count);
    }

    [Fact]
    public void Best_model_puts_the_best_epoch_back()
    {
        // A rate this high makes the loss go up and down.
        using Sequential model = Compiled(rate: 1);
        var best = new BestModel { Monitor = "val_loss" };
        FitOptions options = Options(8, best);
        History history = model.Fit(new Clusters(64), options);
        double least = history.Epochs.Min(epoch => epoch.ValidationLoss!.Value);
        Assert.Equal(least, history.Epochs[best.BestEpoch - 1].ValidationLoss);
        Assert.Equal(least, model.Evaluate(options.Validation!).Loss);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Early_stopping_puts_the_best_weights_back_if_it_is_told_to(bool restore)
    {
        using Sequential model = Compiled(rate: 1);
        var stopping = new EarlyStopping { Monitor = "val_loss", Patience = 3, RestoreBestWeights = restore };
        FitOptions options = Options(30, stopping);
        History history = model.Fit(new Clusters(64), options);
        double least = history.Epochs.Min(epoch => epoch.ValidationLoss!.Value);
        Assert.Equal(stopping.BestEpoch + 3, history.Epochs.Count);
        Assert.Equal(least, history.Epochs[stopping.BestEpoch - 1].ValidationLoss);
        Assert.Equal(restore ? least : history.Epochs[^1].ValidationLoss, model.Evaluate(options.Validation!).Loss);
    }

    [Fact]
    public void A_metric_says_which_way_it_gets_better()
    {
        // The metric falls as the accuracy rises, and its name does not tell.
        using Sequential model = Compiled();
        model.Compile(new Adam(0.01), new SparseCategoricalCrossentropy(), new Mistakes());
        var best = new BestModel { Monitor = "val_mistakes" };
        History history = model.Fit(new Clusters(200), Options(6, best));
        double least = history.Epochs.Min(epoch => epoch.ValidationMetrics!["mistakes"]);
        Assert.NotEqual(1, best.BestEpoch);
        Assert.Equal(least, history.Epochs[best.BestEpoch - 1].ValidationMetrics!["mistakes"]);
    }

    [Fact]
    public void An_epoch_whose_figure_is_not_a_number_is_not_the_best()
    {
        using Sequential model = Compiled();
        var figure = new MonitoredFigure("val_loss", model);
        Assert.Equal(
            [false, true, false, true],
            new[] { double.NaN, 2, double.NaN, 1 }.Select(value => figure.Improves(Result(value), minimumDelta: 0)));

        static EpochResult Result(double loss) =>
            new() { Epoch = 1, Loss = 0, Metrics = new Dictionary<string, double>(), ValidationLoss = loss };
    }

    [Fact]
    public void A_figure_that_does_not_exist_is_named_with_those_that_do()
    {
        using Sequential model = Compiled();
        SepalException error = Assert.Throws<SepalException>(
            () => model.Fit(new Clusters(64), Options(2, new EarlyStopping { Monitor = "val_recall" })));
        Assert.Contains("val_recall", error.Message, StringComparison.Ordinal);
        Assert.Contains("loss, accuracy, val_loss, val_accuracy", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_has_a_header_and_a_line_an_epoch()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using Sequential model = Compiled();
            History history = model.Fit(new Clusters(64), Options(3, new CsvLog(path)));
            string[] lines = File.ReadAllLines(path);
            Assert.Equal("epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds", lines[0]);
            Assert.Equal(4, lines.Length);
            string[] last = lines[3].Split(',');
            Assert.Equal("3", last[0]);
            Assert.Equal(history.Epochs[2].Loss, double.Parse(last[1], System.Globalization.CultureInfo.InvariantCulture));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_log_that_cannot_be_written_is_a_clear_error()
    {
        using Sequential model = Compiled();
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "log.csv");
        SepalException error = Assert.Throws<SepalException>(() => model.Fit(new Clusters(64), Options(1, new CsvLog(path))));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bar_shows_loss_metric_speed_and_rest_and_ends_every_epoch_with_a_line()
    {
        var output = new StringWriter();
        using Sequential model = Compiled();
        model.Fit(new Clusters(64), Options(2, new ProgressBar(output, "demo")));
        string text = output.ToString();
        Assert.Contains("demo  epoch 1/2 ━", text, StringComparison.Ordinal);
        Assert.Contains("images/s", text, StringComparison.Ordinal);
        Assert.Contains("s left", text, StringComparison.Ordinal);
        Assert.Contains("accuracy", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split('\n').Count(line => line.Contains("val_accuracy", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(20, false)]
    [InlineData(80, false)]
    [InlineData(95, true)]
    [InlineData(200, true)]
    public void The_bar_never_reaches_the_last_column(int columns, bool hasBar)
    {
        var output = new StringWriter();
        using Sequential model = Compiled();
        var bar = new ProgressBar(output, "separable") { Columns = columns };
        model.Fit(new Clusters(64), Options(1, bar));
        string drawn = output.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries)[0];
        Assert.StartsWith("separable  epoch 1/", drawn, StringComparison.Ordinal);
        Assert.InRange(drawn.Length, 1, columns - 1);
        Assert.Equal(hasBar, drawn.Contains('━', StringComparison.Ordinal));
        Assert.Equal(hasBar, drawn.EndsWith("s left", StringComparison.Ordinal));
    }

    private sealed class Mistakes : Metric
    {
        private readonly Accuracy _accuracy = new();

        public override string Name => "mistakes";

        public override bool LargerIsBetter => false;

        public override double Example(ReadOnlySpan<float> output, ReadOnlySpan<float> target, int classes) =>
            1 - _accuracy.Example(output, target, classes);
    }
}
