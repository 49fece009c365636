using System.CommandLine;
using Sepal.Cli.Framework;
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
    private readonly Option<Size2D?> _input = Optional(SizeParsers.Size("--input", "The image's height and width, where the model leaves them open."));
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
            "sepal profile model.onnx --threads 1",
            "sepal profile model.onnx --batch 8 --input 224x224 --sort time --format csv")
    {
        Add(_model);
        foreach (Option option in (Option[])[_batch, _input, _runs, _sort, _threads, _format])
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
        Dictionary<string, long> dimensions = InputDimensions.Choose(session.Inputs, arguments.GetValue(_batch), arguments.GetValue(_input));
        InferenceProfile profile;
        using (ProgressLine progress = terminal.Progress())
        {
            progress.Show("profiling …");
            profile = session.Profile(dimensions, arguments.GetValue(_runs), cancellation);
        }

        terminal.Write(ProfileReport.Of(path, profile, arguments.GetValue(_sort)), arguments.GetValue(_format));
        return ExitCodes.Done;
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
