using System.CommandLine;
using System.Diagnostics;
using Sepal.Cli.Classification;
using Sepal.Cli.Framework;
using Sepal.Cli.Tables;
using Sepal.Data;
using Sepal.Inference;

namespace Sepal.Cli.Verbs;

/// <summary><c>sepal evaluate</c>: how well a classifier does on labelled images.</summary>
internal sealed class EvaluateVerb : Verb
{
    private readonly Argument<string> _model = SharedOptions.Model();

    private readonly Option<string> _data = new("--data")
    {
        Description = "A directory of MNIST-format files; its test images are classified.",
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
            "Accuracy, loss and speed of an ONNX model on labelled images.",
            "sepal evaluate digits.onnx --data data/mnist",
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
        IdxDataset test = Mnist.Load(directory).Test;
        int threads = arguments.GetValue(_threads);
        using var session = new InferenceSession(path, new SessionOptions { Threads = threads });
        using ImageClassifier classifier = _preparation.Classifier(session, arguments, arguments.GetValue(_batchSize));
        if (test.ClassCount > classifier.ClassCount)
        {
            throw new SepalException(
                $"The data set has {test.ClassCount} classes, but the model tells {classifier.ClassCount} apart. Give the data that it was trained for.");
        }

        long start = Stopwatch.GetTimestamp();
        (int right, double loss) = Evaluate(test, classifier, terminal, cancellation);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var result = new EvaluateReport(
            path, directory, test.Count, (double)right / test.Count, loss / test.Count, test.Count / seconds, classifier.BatchSize, threads);
        terminal.Write(EvaluateReport.Of(result), arguments.GetValue(_format));
        return ExitCodes.Done;
    }

    private static (int Right, double Loss) Evaluate(
        IdxDataset test, ImageClassifier classifier, Terminal terminal, CancellationToken cancellation)
    {
        using ProgressLine progress = terminal.Progress();
        int right = 0;
        double loss = 0;
        for (int start = 0; start < test.Count; start += classifier.BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Show($"{start:N0} of {test.Count:N0} images");

            // The last batch is not full; what is left in it from the one before is run again and not looked at.
            int count = Math.Min(classifier.BatchSize, test.Count - start);
            for (int position = 0; position < count; position++)
            {
                classifier.Place(Picture(test, start + position), position);
            }

            classifier.Run(cancellation);
            for (int position = 0; position < count; position++)
            {
                double[] probabilities = Scores.Probabilities(classifier.Scores(position));
                int label = test.Label(start + position);
                right += Array.IndexOf(probabilities, probabilities.Max()) == label ? 1 : 0;
                loss -= Math.Log(Math.Max(probabilities[label], EvaluateReport.LeastProbability));
            }
        }

        return (right, loss);
    }

    private static PixelImage Picture(IdxDataset test, int index)
    {
        (int height, int width) = ((int)test.InputShape[0].Value, (int)test.InputShape[1].Value);
        ReadOnlySpan<byte> bytes = test.Image(index);
        return test.InputShape[2] == 3
            ? new PixelImage(width, height, bytes.ToArray())
            : test.InputShape[2] == 1
                ? PixelImage.FromGrey(width, height, bytes)
                : throw new SepalException($"The images have {test.InputShape[2]} channels. Expected 1 (grey) or 3 (red, green, blue).");
    }
}
