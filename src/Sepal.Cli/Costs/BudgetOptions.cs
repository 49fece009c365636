using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Sepal.Cli.Framework;

namespace Sepal.Cli.Costs;

/// <summary>The options by which a model may cost only so much, for continuous integration.</summary>
internal sealed class BudgetOptions
{
    private const string Counts = "a number of at least 1, with K, M, G or T for its multiples (300M)";

    private readonly Option<long> _parameters = Create("--max-params", "The most parameters, trainable or not.", "4M", Counts, Quantities.TryCount);
    private readonly Option<long> _macs = Create("--max-macs", "The most MACs, for the whole batch.", "300M", Counts, Quantities.TryCount);
    private readonly Option<long> _flops = Create("--max-flops", "The most FLOPs, twice the MACs.", "600M", Counts, Quantities.TryCount);

    private readonly Option<long> _memory = Create(
        "--max-memory",
        "The most memory of inference: parameters, and activations at the worst moment.",
        "20MiB",
        "bytes of at least 1, with KiB, MiB or GiB (or KB, MB, GB) for their multiples (20MiB)",
        Quantities.TryBytes);

    /// <summary>All of them.</summary>
    public ImmutableArray<Option> All => [_parameters, _macs, _flops, _memory];

    /// <summary>Says what a model exceeds.</summary>
    /// <param name="arguments">The parsed options.</param>
    /// <param name="model">The model.</param>
    /// <returns>A line for each budget that is exceeded.</returns>
    public ImmutableArray<string> Exceeded(ParseResult arguments, CountedModel model)
    {
        (Option<long> Option, string What, long Value, bool IsBytes)[] budgets =
        [
            (_parameters, "parameters", model.Cost.TotalParameters, false),
            (_macs, "MACs", model.Cost.MultiplyAccumulates, false),
            (_flops, "FLOPs", model.Cost.Flops, false),
            (_memory, "bytes of memory", model.Cost.Memory.InferenceBytes, true),
        ];
        return [.. budgets.Where(budget => arguments.GetResult(budget.Option) is { Implicit: false } && budget.Value > arguments.GetValue(budget.Option))
            .Select(budget => Describe(budget.Option.Name, budget.What, budget.Value, arguments.GetValue(budget.Option), budget.IsBytes))];

        string Describe(string option, string what, long value, long limit, bool isBytes)
        {
            string size = isBytes ? $" ({Quantities.ShortBytes(value)} of {Quantities.ShortBytes(limit)})" : string.Empty;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{option}: '{model.Name}' has {value:N0} {what}, {value - limit:N0} ({100.0 * (value - limit) / limit:0.#}%) more than {limit:N0}{size}.");
        }
    }

    private static Option<long> Create(string name, string description, string example, string expected, OptionParser<long> parse) =>
        OptionParsers.Create(name, $"{description} Exit code 1 where it has more.", example, expected, parse);
}
