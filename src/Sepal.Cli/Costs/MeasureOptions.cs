using System.Collections.Immutable;
using System.CommandLine;
using Sepal.Cli.Framework;
using Sepal.Inference;

namespace Sepal.Cli.Costs;

/// <summary>The options by which a model is run too, and timed.</summary>
internal sealed class MeasureOptions
{
    private const int MostRuns = 1_000_000;

    private readonly Option<bool> _measure = new("--measure")
    {
        Description = "Run the model, and put the time of every step beside what the roofline predicts.",
    };

    private readonly Option<int> _runs = OptionParsers.WholeNumber(
        "--runs", "How many runs --measure takes medians of; as many as take some seconds where not given.", 1, MostRuns);

    private readonly Option<int> _threads = SharedOptions.Threads();

    /// <summary>Makes the options; one thread where not given, as the predictions are for one core.</summary>
    public MeasureOptions() => _threads.DefaultValueFactory = _ => 1;

    /// <summary>All of them.</summary>
    public ImmutableArray<Option> All => [_measure, _runs, _threads];

    /// <summary>Whether the model is to be run.</summary>
    /// <param name="arguments">The parsed options.</param>
    /// <returns>Whether.</returns>
    public bool IsGiven(ParseResult arguments) => arguments.GetValue(_measure);

    /// <summary>The threads that run, and that predictions are for.</summary>
    /// <param name="arguments">The parsed options.</param>
    /// <returns>At least 1.</returns>
    public int Threads(ParseResult arguments) => arguments.GetValue(_threads);

    /// <summary>Runs the model.</summary>
    /// <param name="arguments">The parsed options.</param>
    /// <param name="model">The model, counted for a machine.</param>
    /// <param name="classes">The number of classes, if given.</param>
    /// <param name="terminal">Where progress is shown.</param>
    /// <param name="cancellation">Ends it between two runs.</param>
    /// <returns>What was measured beside what was predicted.</returns>
    public MeasuredModel Measure(ParseResult arguments, CountedModel model, int? classes, Terminal terminal, CancellationToken cancellation)
    {
        if (model.Cost.UncountedNodes.FirstOrDefault() is { } unknown)
        {
            throw new UsageException($"--measure: '{model.Name}' cannot be run, since it has the unknown operator {unknown.Operator} in '{unknown.Name}'; leave the option out.");
        }

        var options = new SessionOptions { Threads = Threads(arguments), MaximumConcurrentRuns = 1 };
        int[] input = [.. model.Input.Select(extent => checked((int)extent))];
        using Model? built = model.Source.IsFile ? null : model.Source.WithOptions(input.Length == 3 ? input : null, classes).Build();
        using InferenceSession session = built is null ? new(model.Source.Text, options) : new(built, options);
        using ProgressLine progress = terminal.Progress();
        progress.Show("measuring …");
        int? runs = arguments.GetResult(_runs) is { Implicit: false } ? arguments.GetValue(_runs) : null;
        InferenceProfile profile = session.Profile(SymbolsOf(session, model), runs, cancellation);

        // A machine that was measured knows best what it did at this moment.
        return MeasuredModel.Of(model, profile);
    }

    /// <summary>The session's open dimensions, which are the graph's by other names where a file's first axis is the batch.</summary>
    private static Dictionary<string, long> SymbolsOf(InferenceSession session, CountedModel model)
    {
        var symbols = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (TensorInfo tensor in session.Inputs)
        {
            foreach ((string name, bool isFirst) in tensor.Shape.Select((dimension, axis) => (dimension, axis))
                .Where(pair => !pair.dimension.IsKnown)
                .Select(pair => (pair.dimension.ToString(), pair.axis == 0)))
            {
                symbols[name] = model.Symbols.TryGetValue(name, out long value) || !isFirst ? value : model.Cost.Batch;
            }
        }

        return symbols;
    }
}
