using Sepal.Cli.Training;
using Sepal.Layers;
using Sepal.Onnx;
using Sepal.Training;
using Sepal.Training.Callbacks;
using Xunit;

namespace Sepal.Tests.Cli.Training;

/// <summary>Which epoch's model is written to which file.</summary>
public sealed class EpochRecorderTests
{
    [Theory]
    [InlineData(new[] { 0.5, 0.7, 0.6 }, new[] { 0.9, 0.8, 0.1 }, 2)]
    [InlineData(new[] { 0.5, 0.7, 0.7 }, new[] { 0.9, 0.4, 0.3 }, 3)]
    [InlineData(new[] { 0.7, 0.7, 0.5 }, new[] { 0.3, 0.4, 0.2 }, 1)]
    [InlineData(new[] { 0.7, 0.7, 0.7 }, new[] { 0.3, 0.2, 0.2 }, 2)]
    [InlineData(null, null, 3)]
    public void The_best_is_that_of_the_highest_accuracy_and_among_equals_of_the_least_loss(double[]? accuracies, double[]? losses, int best)
    {
        using var directory = new TemporaryDirectory();
        using Sequential model = [new Input(2), new Dense(1)];
        model.Initialize(1);
        var files = new TrainingFiles(directory.Path);
        var recorder = new EpochRecorder(files, new OnnxExportOptions());
        recorder.Begin(new TrainingPhase(model, model, Settings, files.CheckpointsPath));
        recorder.OnTrainingBegin(model, new TrainingRun(3, 1, 1));
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            // The model says of itself which epoch it is of.
            model.SetParameter(model.Graph.Parameters[^1], [epoch]);
            recorder.OnEpochEnd(model, new EpochResult
            {
                Epoch = epoch,
                Loss = 1,
                Metrics = Accuracy(0.1 * epoch),
                ValidationLoss = losses?[epoch - 1],
                ValidationMetrics = accuracies is null ? null : Accuracy(accuracies[epoch - 1]),
            });
        }

        Assert.Equal(best, recorder.BestEpoch);
        Assert.Equal((best, 3), (EpochOf(files.BestModelPath), EpochOf(files.LastModelPath)));
        Assert.Equal(4, File.ReadAllLines(directory.File("history.csv")).Length);
    }

    private static TrainingSettings Settings => SomeSettings.Value with { Input = [1, 1, 1], Epochs = 3 };

    private static Dictionary<string, double> Accuracy(double value) => new() { ["accuracy"] = value };

    private static int EpochOf(string path)
    {
        using Model model = OnnxModel.Import(path);
        return (int)model.GetParameter(model.Graph.Parameters.Single(parameter => parameter.Length == 1))[0];
    }
}
