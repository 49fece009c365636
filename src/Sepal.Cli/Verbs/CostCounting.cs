using System.CommandLine;
using Sepal.Cli.Framework;
using Sepal.Costs;

namespace Sepal.Cli.Verbs;

/// <summary>The options of <c>sepal cost MODEL</c> that say by which rules and for which machine is counted.</summary>
internal sealed class CostCounting
{
    private const string Expected = "elements (apart from the MACs), macs (among them) or none";

    private readonly Option<Machine> _machine = OptionParsers.Create<Machine>(
        "--machine",
        "The machine to give roofline times for: its peak and bandwidth a second, or 'this' to measure this one.",
        "SPEC",
        "'this', or FLOP and bytes a second such as peak=200G,bandwidth=20G",
        TryMachine);

    private readonly Option<bool> _strict = new("--strict") { Description = "End with exit code 1 where an operator is unknown." };
    private readonly Option<bool> _symbolic = new("--symbolic") { Description = "Totals as polynomials in batch N, height H and width W." };
    private readonly Option<ElementCounting> _bias = Rule("--count-bias", "How biases are counted");
    private readonly Option<ElementCounting> _batchNormalization = Rule("--count-batch-norm", "How batch normalisation is counted");
    private readonly Option<ElementCounting> _activation = Rule("--count-activation", "How activations are counted");

    /// <summary>All of them.</summary>
    public Option[] All => [_machine, _symbolic, _strict, _bias, _batchNormalization, _activation];

    /// <summary>Whether totals are to be polynomials.</summary>
    /// <param name="arguments">What was typed.</param>
    public bool IsSymbolic(ParseResult arguments) => arguments.GetValue(_symbolic);

    /// <summary>What the counter is told.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="batch">Images in a batch.</param>
    /// <param name="symbols">What the open dimensions are.</param>
    public CostOptions Options(ParseResult arguments, int batch, IReadOnlyDictionary<string, long>? symbols) => new()
    {
        Batch = batch,
        Symbols = symbols,
        Machine = arguments.GetValue(_machine),
        Bias = arguments.GetValue(_bias),
        BatchNormalization = arguments.GetValue(_batchNormalization),
        Activation = arguments.GetValue(_activation),
    };

    /// <summary>Warns of unknown operators.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="terminal">Where the warning goes.</param>
    /// <param name="unknown">The nodes whose work is unknown.</param>
    /// <returns>The exit code: 1 where there are some and <c>--strict</c> is given.</returns>
    public int Warn(ParseResult arguments, Terminal terminal, IEnumerable<string> unknown)
    {
        string[] names = [.. unknown];
        if (names.Length == 0)
        {
            return ExitCodes.Done;
        }

        terminal.Error.WriteLine($"sepal: warning: {names.Length} node(s) with unknown operators are not counted: {string.Join(", ", names)}.");
        return arguments.GetValue(_strict) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static Option<ElementCounting> Rule(string name, string description) => OptionParsers.Create<ElementCounting>(
        name, $"{description}: {Expected}; elements unless given.", "RULE", Expected, TryRule);

    private static bool TryRule(string text, out ElementCounting value)
    {
        (value, bool known) = text switch
        {
            "elements" => (ElementCounting.ElementOperations, true),
            "macs" => (ElementCounting.MultiplyAccumulates, true),
            "none" => (ElementCounting.LeftOut, true),
            _ => (ElementCounting.ElementOperations, false),
        };
        return known;
    }

    private static bool TryMachine(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Machine? machine)
    {
        try
        {
            machine = text == "this" ? Machine.Measure() : Machine.Parse(text);
            return true;
        }
        catch (SepalException)
        {
            machine = null;
            return false;
        }
    }
}
