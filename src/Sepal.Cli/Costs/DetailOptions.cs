using System.Collections.Immutable;
using System.CommandLine;
using Sepal.Cli.Framework;
using Sepal.Cli.Reports;

namespace Sepal.Cli.Costs;

/// <summary>The options that say how much is shown of a model, and where.</summary>
internal sealed class DetailOptions
{
    private const int Deepest = 64;

    private readonly Option<int> _depth = OptionParsers.WholeNumber(
        "--depth", "How many parts of the layers' paths the table tells apart: 1 for a row a block; all where not given.", 1, Deepest);

    private readonly Option<string?> _page = new("--html")
    {
        Description = "Write a page too, with the layers to be sorted, the roofline and the graph.",
        HelpName = "FILE",
    };

    /// <summary>All of them.</summary>
    public ImmutableArray<Option> All => [_depth, _page];

    /// <summary>How many parts of a path are told apart.</summary>
    /// <param name="arguments">The parsed options.</param>
    /// <returns>The number; null for all.</returns>
    public int? Depth(ParseResult arguments) => arguments.GetResult(_depth) is { Implicit: false } ? arguments.GetValue(_depth) : null;

    /// <summary>Whether a page is to be written.</summary>
    /// <param name="arguments">The parsed options.</param>
    /// <returns>Whether.</returns>
    public bool PageIsGiven(ParseResult arguments) => arguments.GetValue(_page) is not null;

    /// <summary>Writes the page, if one is asked for.</summary>
    /// <param name="arguments">The parsed options.</param>
    /// <param name="model">The model.</param>
    /// <param name="measured">What was measured; null where nothing was.</param>
    public void WritePage(ParseResult arguments, CountedModel model, MeasuredModel? measured)
    {
        if (arguments.GetValue(_page) is { } path)
        {
            File.WriteAllText(path, CostPage.Render(model, measured));
        }
    }
}
