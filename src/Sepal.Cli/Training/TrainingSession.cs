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
using Sepal.Training.Checkpoints;
using Sepal.Training.Metrics;

namespace Sepal.Cli.Training;

/// <summary>One run of <c>sepal train</c>: from opened images and an untrained model to files and figures.</summary>
/// <param name="settings">What the result follows from.</param>
/// <param name="data">The images.</param>
/// <param name="files">Where results go.</param>
/// <param name="export">What the models' files say.</param>
/// <param name="terminal">Where progress goes.</param>
internal sealed class TrainingSession(
    TrainingSettings settings, TrainingData data, TrainingFiles files, OnnxExportOptions export, Terminal terminal)
{
    private const int EvaluationBatch = 64;
    private const int KeptCheckpoints = 3;

    /// <summary>How many threads compute.</summary>
    public required int Threads { get; init; }

    /// <summary>Whether curves are written for TensorBoard.</summary>
    public bool TensorBoard { get; init; }

    /// <summary>Steps between two checkpoints within an epoch; null for one after each epoch.</summary>
    public int? CheckpointEvery { get; init; }

    /// <summary>Whom the network learns from; null for nobody.</summary>
    public Distillation? Distillation { get; init; }

    /// <summary>Whether the run in the directory goes on.</summary>
    public bool Resume { get; init; }

    /// <summary>Trains a model, and measures the best epoch's.</summary>
    /// <param name="model">The model; it is trained in place.</param>
    /// <param name="frozen">A copy of it with frozen layers, to be trained before it; null where nothing is frozen.</param>
    /// <param name="cancellation">Interrupts.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="TrainingException">Training came to nothing, or the disk is full.</exception>
    public TrainReport Run(Model model, Model? frozen, CancellationToken cancellation)
    {
        try
        {
            return RunToTheEnd(model, frozen, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && files.HasCheckpoints)
        {
            terminal.Error.WriteLine($"sepal: note: sepal train --resume --out {files.DirectoryPath} goes on from the last checkpoint.");
            throw;
        }
        catch (Exception exception) when (exception is IOException or CheckpointException { InnerException: IOException } && files.HasCheckpoints)
        {
            throw new TrainingException(
                $"{exception.Message.TrimEnd('.')}. When the cause is mended, sepal train --resume --out {files.DirectoryPath} goes on from the last good checkpoint.",
                exception);
        }
    }

    private TrainReport RunToTheEnd(Model model, Model? frozen, CancellationToken cancellation)
    {
        ModelCost cost = ModelCost.Of(model.Graph);
        var recorder = new EpochRecorder(files, export);
        Fit(model, frozen, recorder, cancellation);
        if (recorder.NewEpochs == 0)
        {
            terminal.Error.WriteLine($"sepal: note: the run in '{files.DirectoryPath}' is finished: all its epochs were done before.");
        }

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

    /// <summary>Trains the model; where layers are frozen, first without them and then, if wanted, all of it.</summary>
    private void Fit(Model model, Model? frozen, EpochRecorder recorder, CancellationToken cancellation)
    {
        using TensorBoardLog? board = TensorBoard ? new TensorBoardLog(files.TensorBoardPath) : null;
        var phase = new TrainingPhase(frozen ?? model, model, settings, files.CheckpointsPath);
        if (frozen is not null)
        {
            terminal.Error.WriteLine($"sepal: note: {Freezing.Describe(settings, data.Train.IsFixed)}");
        }

        Fit(phase, recorder, board, cancellation);
        phase.CopyToWhole();
        if (settings.FinetuneEpochs > 0)
        {
            Fit(new TrainingPhase(model, model, settings.ForFinetuning(), files.FinetuneCheckpointsPath), recorder, board, cancellation);
        }
    }

    private void Fit(TrainingPhase phase, EpochRecorder recorder, TensorBoardLog? board, CancellationToken cancellation)
    {
        List<Callback> callbacks = [recorder];
        if (settings.EarlyStopping is { } patience)
        {
            callbacks.Add(new EarlyStopping { Monitor = data.Validation is null ? "loss" : "val_accuracy", Patience = patience });
        }

        if (board is not null)
        {
            board.EpochsBefore = recorder.Rows.Length;
            callbacks.Add(board);
        }

        if (terminal.ErrorWidth is { } columns)
        {
            callbacks.Insert(0, new ProgressBar(terminal.Error, phase.Checkpoints == files.FinetuneCheckpointsPath ? "fine-tuning" : string.Empty) { Columns = columns });
        }

        recorder.Begin(phase);
        Model model = phase.Trained;
        model.Compile(
            Optimization.Optimizer(phase.Settings, data.Train.Count), Optimization.Loss(settings, fromLogits: !EndsInSoftmax(model)), new Accuracy());
        model.Fit(data.Train, new FitOptions
        {
            Epochs = phase.Settings.Epochs,
            BatchSize = settings.BatchSize,
            Seed = settings.Seed,
            Threads = Threads,
            Validation = data.Validation,
            ClassWeights = Optimization.ClassWeights(settings, data.ClassCounts),
            ClipNorm = settings.ClipNorm,
            Distillation = Distillation,
            WeightAverage = settings.Average,
            Callbacks = callbacks,
            Checkpoints = new CheckpointOptions
            {
                Directory = phase.Checkpoints,
                EverySteps = CheckpointEvery,
                Keep = KeptCheckpoints,
                Export = export,
            },
            Resume = Resume && (phase.Checkpoints == files.CheckpointsPath || TrainingFiles.Holds(phase.Checkpoints)),
            Warn = message => terminal.Error.WriteLine($"sepal: warning: {message}"),
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

        using var session = new InferenceSession(files.BestModelPath, new SessionOptions { Threads = Threads });
        using var classifier = new ImageClassifier(session, new ImageInput(session, export.Preprocessing), export.ClassNames, EvaluationBatch);
        return ClassifierEvaluation.Run(classifier, LabelledPictures.Of(images), Threads, terminal, cancellation);
    }

    private static bool EndsInSoftmax(Model model) =>
        model.Graph.Nodes.Any(node => node.Operator is Operators.Softmax && node.Outputs.Contains(model.Graph.Outputs[0]));
}
