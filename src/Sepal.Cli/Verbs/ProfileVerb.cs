using System.CommandLine;
using Sepal.Architectures;
using Sepal.Cli.Framework;
using Sepal.Cli.Models;
using Sepal.Cli.Tables;
using Sepal.Inference;

namespace Sepal.Cli.Verbs;

/// <summary><c>sepal profile</c>: where the time of a run goes.</summary>
internal sealed class ProfileVerb : Verb
{
    private const int MostImages = 65_536;
    private const int MostRuns = 1_000_000;

    private readonly Argument<string> _model = SharedOptions.Model();
    private readonly Option<int?> _batch = Optional(OptionParsers.WholeNumber("--batch", "Images in a run; one where the model leaves it open.", 1, MostImages));
    private readonly Option<Size2D?> _input = Optional(SizeParsers.Size("--input", "The image's height and width, for an architecture and where a file leaves them open."));
    private readonly Option<int?> _runs = Optional(OptionParsers.WholeNumber(
        "--runs", "How many runs the medians are of; as many as take some seconds where not given.", 1, MostRuns));

    private readonly Option<ProfileOrder> _sort = OptionParsers.Create(
        "--sort",
        "The order of the steps: as they run, or the longest first.",
        "order|time",
        "order or time",
        (string text, out ProfileOrder order) =>
        {
            (bool known, order) = text.ToLowerInvariant() switch
            {
                "order" => (true, ProfileOrder.Order),
                "time" => (true, ProfileOrder.Time),
                _ => (false, default),
            };
            return known;
        });

    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly Option<ReportFormat> _format = SharedOptions.Format();

    /// <summary>Makes the verb.</summary>
    public ProfileVerb()
        : base(
            "profile",
            "Time, multiply-adds and share of this machine's peak for every step of a run.",
            "sepal profile mobilenet-v2 --threads 1",
            "sepal profile model.onnx --batch 8 --input 224x224 --sort time --format csv")
    {
        _model.Description = "An ONNX file, or an architecture by its name.";
        Add(_model);
        foreach (Option option in (Option[])[_batch, _input, _runs, _sort, _threads, _format])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        var source = ModelSource.Resolve(arguments.GetRequiredValue(_model));
        var options = new SessionOptions { Threads = arguments.GetValue(_threads), MaximumConcurrentRuns = 1 };
        Size2D? size = arguments.GetValue(_input);
        using Model? model = source.IsFile ? null : Build(source, size);
        using InferenceSession session = model is null ? new(source.Text, options) : new(model, options);
        Dictionary<string, long> dimensions = InputDimensions.Choose(session.Inputs, arguments.GetValue(_batch), size);
        InferenceProfile profile;
        using (ProgressLine progress = terminal.Progress())
        {
            progress.Show("profiling …");
            profile = session.Profile(dimensions, arguments.GetValue(_runs), cancellation);
        }

        terminal.Write(ProfileReport.Of(source.Text, profile, arguments.GetValue(_sort)), arguments.GetValue(_format));
        return ExitCodes.Done;
    }

    private static Model Build(ModelSource source, Size2D? size)
    {
        Architecture architecture = source.WithOptions(input: null, classes: null);
        return (size is { } given
            ? architecture with { InputShape = [given.Height, given.Width, architecture.InputShape[2]] }
            : architecture).Build();
    }

    private static Option<T?> Optional<T>(Option<T> option)
        where T : struct
    {
        Func<System.CommandLine.Parsing.ArgumentResult, T> parse = option.CustomParser!;
        return new Option<T?>(option.Name)
        {
            Description = option.Description,
            HelpName = option.HelpName,
            Arity = option.Arity,
            CustomParser = result => parse(result),
        };
    }
}
