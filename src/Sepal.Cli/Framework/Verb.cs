using System.Collections.Immutable;
using System.CommandLine;

namespace Sepal.Cli.Framework;

/// <summary>
/// One verb of the program: a command with its options, and what it does. A verb is made anew for every run, reads its
/// options from the parse result, writes through the terminal it is handed, and throws a
/// <see cref="SepalException"/> for anything wrong with what it was given.
/// </summary>
internal abstract class Verb : Command
{
    /// <summary>Makes a verb.</summary>
    /// <param name="name">What is typed.</param>
    /// <param name="description">What it does, a sentence.</param>
    /// <param name="examples">Whole command lines for <c>--help</c>; at least one.</param>
    protected Verb(string name, string description, params ImmutableArray<string> examples)
        : base(name, description)
    {
        Examples = examples;
    }

    /// <summary>Whole command lines shown by <c>--help</c>.</summary>
    public ImmutableArray<string> Examples { get; }

    /// <summary>Does it.</summary>
    /// <param name="arguments">The parsed options; they passed their own checks.</param>
    /// <param name="terminal">Where results and progress go.</param>
    /// <param name="cancellation">Cancelled by Ctrl-C; let the <see cref="OperationCanceledException"/> out.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="SepalException">What was given cannot be used.</exception>
    public abstract int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation);
}
