using Sepal.Cli.Classification;
using Sepal.Cli.Framework;
using Sepal.Cli.Reports;
using Sepal.Cli.TensorBoard;
using Sepal.Costs;
using Sepal.Data;
using Sepal.Inference;
using Sepal.Onnx;
using Sepal.Training;
using Sepal.Training.Callbacks;
using Sepal.Training.Metrics;

namespace Sepal.Cli.Training;

/// <summary>One run of <c>sepal train</c>: from opened images and an untrained model to files and figures.</summary>
/// <param name="settings">What the result follows from.</param>
/// <param name="data">The images.</param>
/// <param name="files">Where results go.</param>
/// <param name="export">What the models' files say.</param>
/// <param name="threads">How many threads compute.</param>
/// <param name="tensorBoard">Whether curves are written for TensorBoard.</param>
/// <param name="terminal">Where progress goes.</param>
internal sealed class TrainingSession(
    TrainingSettings settings, TrainingData data, TrainingFiles files, OnnxExportOptions export, int threads, bool tensorBoard, Terminal terminal)
{
    private const int EvaluationBatch = 64;

    /// <summary>Trains a model, and measures the best epoch's.</summary>
    /// <param name="model">The model; it is trained in place.</param>
    /// <param name="cancellation">Interrupts.</param>
    /// <returns>What came of it.</returns>
    public TrainReport Run(Model model, CancellationToken cancellation)
    {
        ModelCost cost = ModelCost.Of(model.Graph);
        var recorder = new EpochRecorder(files, export);
        Fit(model, recorder, cancellation);
        ClassifierEvaluation? validation = Measure(data.Validation, cancellation);
        ClassifierEvaluation? test = Measure(data.Test, cancellation);
        JudgedSet? judged = test is not null ? Judge("test", test, data.Test!)
            : validation is not null ? Judge("validation", validation, data.Validation!)
            : null;
        var report = new TrainReport
        {
            Settings = settings,
            ClassNames = export.ClassNames,
            TrainImages = data.Train.Count,
            Parameters = cost.TrainableParameters,
            Macs = cost.MultiplyAccumulates,
            Epochs = recorder.Rows,
            BestEpoch = recorder.BestEpoch,
            Validation = validation is null ? null : SetFigures.Of(validation),
            Test = test is null ? null : SetFigures.Of(test),
            Skipped = data.Skipped,
            Seconds = recorder.Rows.Sum(row => row.Seconds),
            Directory = files.DirectoryPath,
        };
        files.WritePage(TrainingPage.Render(report, judged, cost));
        return report;
    }

    private void Fit(Model model, EpochRecorder recorder, CancellationToken cancellation)
    {
        List<Callback> callbacks = [recorder];
        if (settings.EarlyStopping is { } patience)
        {
            callbacks.Add(new EarlyStopping { Monitor = data.Validation is null ? "loss" : "val_accuracy", Patience = patience });
        }

        using TensorBoardLog? board = tensorBoard ? new TensorBoardLog(files.TensorBoardPath) : null;
        if (board is not null)
        {
            callbacks.Add(board);
        }

        if (terminal.ErrorWidth is { } columns)
        {
            callbacks.Insert(0, new ProgressBar(terminal.Error) { Columns = columns });
        }

        model.Compile(
            Optimization.Optimizer(settings, data.Train.Count), Optimization.Loss(settings, fromLogits: !EndsInSoftmax(model)), new Accuracy());
        model.Fit(data.Train, new FitOptions
        {
            Epochs = settings.Epochs,
            BatchSize = settings.BatchSize,
            Seed = settings.Seed,
            Threads = threads,
            Validation = data.Validation,
            ClassWeights = Optimization.ClassWeights(settings, data.ClassCounts),
            ClipNorm = settings.ClipNorm,
            WeightAverage = settings.Average,
            Callbacks = callbacks,
            ShowProgress = false,
            CancellationToken = cancellation,
        });
    }

    private static JudgedSet Judge(string name, ClassifierEvaluation evaluation, ImageDataset images) =>
        new(name, evaluation.Confusion, MistakePicture.Worst(evaluation, LabelledPictures.Of(images)));

    /// <summary>Through the written file, so that the figures are those of <c>sepal evaluate</c>.</summary>
    private ClassifierEvaluation? Measure(ImageDataset? images, CancellationToken cancellation)
    {
        if (images is null)
        {
            return null;
        }

        using var session = new InferenceSession(files.BestModelPath, new SessionOptions { Threads = threads });
        using var classifier = new ImageClassifier(session, new ImageInput(session, export.Preprocessing), export.ClassNames, EvaluationBatch);
        return ClassifierEvaluation.Run(classifier, LabelledPictures.Of(images), threads, terminal, cancellation);
    }

    private static bool EndsInSoftmax(Model model) =>
        model.Graph.Nodes.Any(node => node.Operator is Operators.Softmax && node.Outputs.Contains(model.Graph.Outputs[0]));
}
