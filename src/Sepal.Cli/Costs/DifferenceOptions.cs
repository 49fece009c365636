using System.Collections.Immutable;
using System.CommandLine;
using Sepal.Cli.Framework;

namespace Sepal.Cli.Costs;

/// <summary>The options by which two models are compared layer by layer.</summary>
internal sealed class DifferenceOptions
{
    private readonly Option<string?> _before = new("--before")
    {
        Description = "A model; with --after, the difference is counted layer by layer.",
        HelpName = "MODEL",
    };

    private readonly Option<string?> _after = new("--after") { Description = "What it became.", HelpName = "MODEL" };

    /// <summary>All of them.</summary>
    public ImmutableArray<Option> All => [_before, _after];

    /// <summary>The two models.</summary>
    /// <param name="arguments">The parsed options.</param>
    /// <returns>What was typed; null where no difference is asked for.</returns>
    /// <exception cref="UsageException">One is missing.</exception>
    public (string Before, string After)? Read(ParseResult arguments) => (arguments.GetValue(_before), arguments.GetValue(_after)) switch
    {
        (null, null) => null,
        ({ } before, { } after) => (before, after),
        (null, _) => throw new UsageException("--after needs a model that was before: --before MODEL. See 'sepal cost --help'."),
        _ => throw new UsageException("--before needs a model that it became: --after MODEL. See 'sepal cost --help'."),
    };
}
