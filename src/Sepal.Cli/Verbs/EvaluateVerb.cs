using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using Sepal.Cli.Classification;
using Sepal.Cli.Framework;
using Sepal.Cli.Tables;
using Sepal.Cli.Training;
using Sepal.Data;
using Sepal.Inference;

namespace Sepal.Cli.Verbs;

/// <summary><c>sepal evaluate</c>: how well a classifier does on labelled images.</summary>
internal sealed class EvaluateVerb : Verb
{
    private readonly Argument<string> _model = SharedOptions.Model();

    private readonly Option<string> _data = new("--data")
    {
        Description = "A directory of MNIST-format files or of pictures, one folder a class; where there are test images apart, those.",
        HelpName = "DIRECTORY",
        Required = true,
    };

    private readonly Option<int> _batchSize = OptionParsers.WholeNumber(
        "--batch-size", "Images a run, if the model leaves that open; makes no difference to the result.", 1, 65_536);

    private readonly ImageOptions _preparation = new();
    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly Option<ReportFormat> _format = SharedOptions.Format();

    /// <summary>Makes the verb.</summary>
    public EvaluateVerb()
        : base(
            "evaluate",
            "How well an ONNX model does on labelled images: accuracy, confusion matrix, each class's precision and recall.",
            "sepal evaluate digits.onnx --data data/mnist",
            "sepal evaluate runs/flowers/model.onnx --data flowers",
            "sepal evaluate model.onnx --data fashion-mnist --batch-size 32 --threads 1 --format json")
    {
        _batchSize.DefaultValueFactory = _ => 64;
        Add(_model);
        foreach (Option option in (Option[])[_data, _batchSize, .. _preparation.All, _threads, _format])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_model);
        string directory = arguments.GetRequiredValue(_data);
        LabelledPictures pictures = Open(directory, out ImmutableArray<SkippedImage> missing);
        int threads = arguments.GetValue(_threads);
        using var session = new InferenceSession(path, new SessionOptions { Threads = threads });
        using ImageClassifier classifier = _preparation.Classifier(session, arguments, arguments.GetValue(_batchSize));
        pictures = pictures.Renumbered(classifier.ClassNames, classifier.ClassCount);
        long start = Stopwatch.GetTimestamp();
        ClassifierEvaluation evaluation = ClassifierEvaluation.Run(classifier, pictures, threads, terminal, cancellation);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        ImmutableArray<SkippedImage> skipped = [.. missing, .. evaluation.Skipped];
        foreach (SkippedImage image in skipped)
        {
            terminal.Error.WriteLine($"sepal: warning: {image.Path} is skipped: {image.Reason}");
        }

        ConfusionMatrix confusion = evaluation.Confusion;
        var result = new EvaluateReport(
            path,
            directory,
            confusion.Total,
            confusion.Accuracy,
            evaluation.Loss,
            pictures.Count / seconds,
            classifier.BatchSize,
            threads,
            skipped.Length,
            confusion.Classes(),
            confusion.Rows());
        terminal.Write(EvaluateReport.Of(result, confusion), arguments.GetValue(_format));
        return ExitCodes.Done;
    }

    /// <summary>The test images; where there are none apart, those of validation; where there are neither, all.</summary>
    private static LabelledPictures Open(string directory, out ImmutableArray<SkippedImage> skipped)
    {
        DataSource source = DataSource.Open(directory);
        if (source.Idx is { } idx)
        {
            skipped = [];
            return LabelledPictures.Of(idx.Test);
        }

        ImageFolder folder = source.Folder!;
        skipped = folder.Skipped;
        return LabelledPictures.Of(
            !folder.Test.IsEmpty ? folder.Test : !folder.Validation.IsEmpty ? folder.Validation : folder.Train, folder.ClassNames);
    }
}
