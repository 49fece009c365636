using System.Collections.Immutable;
using System.CommandLine;
using Sepal.Cli.Classification;
using Sepal.Cli.Framework;
using Sepal.Cli.Tables;
using Sepal.Data;
using Sepal.Inference;

namespace Sepal.Cli.Verbs;

/// <summary><c>sepal predict</c>: what a classifier takes images for.</summary>
internal sealed class PredictVerb : Verb
{
    private readonly Argument<string> _model = SharedOptions.Model();

    private readonly Argument<string[]> _images = new("IMAGE")
    {
        Description = "JPEG, PNG, WebP or BMP files.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly ImageOptions _preparation = new();
    private readonly Option<int> _top = OptionParsers.WholeNumber("--top", "How many classes are shown for each image.", 1, int.MaxValue);
    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly Option<ReportFormat> _format = SharedOptions.Format();

    /// <summary>Makes the verb.</summary>
    public PredictVerb()
        : base(
            "predict",
            "Classify images by an ONNX model. How they are prepared and what the classes are called is in the model's metadata, or in options.",
            "sepal predict digits.onnx seven.png",
            "sepal predict mobilenet.onnx cat.jpg dog.webp --imagenet --classes imagenet.txt --top 3 --format json")
    {
        _top.DefaultValueFactory = _ => 5;
        Add(_model);
        Add(_images);
        foreach (Option option in (Option[])[_top, .. _preparation.All, _threads, _format])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_model);
        using var session = new InferenceSession(
            path, new SessionOptions { Threads = arguments.GetValue(_threads), MaximumConcurrentRuns = 1 });
        using ImageClassifier classifier = _preparation.Classifier(session, arguments, batchSize: 1);
        var images = ImmutableArray.CreateBuilder<ImagePrediction>();
        foreach (string file in arguments.GetRequiredValue(_images))
        {
            cancellation.ThrowIfCancellationRequested();
            classifier.Place(ImageFile.Read(file), position: 0);
            classifier.Run(cancellation);
            double[] probabilities = Scores.Probabilities(classifier.Scores(position: 0));
            images.Add(new ImagePrediction(file, Likeliest(probabilities, classifier, arguments.GetValue(_top))));
        }

        terminal.Write(PredictReport.Of(new PredictReport(path, images.DrainToImmutable())), arguments.GetValue(_format));
        return ExitCodes.Done;
    }

    private static ImmutableArray<ClassProbability> Likeliest(double[] probabilities, ImageClassifier classifier, int count) =>
    [
        .. probabilities
            .Select((probability, index) => new ClassProbability(classifier.ClassName(index), index, probability))
            .OrderByDescending(guess => guess.Probability)
            .Take(count),
    ];
}
