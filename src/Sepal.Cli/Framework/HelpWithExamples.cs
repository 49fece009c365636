using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sepal.Cli.Framework;

/// <summary>The usual help, and below it the verb's examples.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    // Fixed, so that help reads the same in a pipe, in a narrow window and in the documentation.
    private readonly HelpAction _help = new() { MaxWidth = 100 };

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var text = new StringWriter();
        TextWriter output = parseResult.InvocationConfiguration.Output;
        parseResult.InvocationConfiguration.Output = text;
        _help.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        foreach (string line in text.ToString().TrimEnd().Split('\n'))
        {
            output.WriteLine(line.TrimEnd());
        }

        if (parseResult.CommandResult.Command is Verb verb)
        {
            output.WriteLine();
            output.WriteLine(verb.Examples.Length == 1 ? "Example:" : "Examples:");
            foreach (string example in verb.Examples)
            {
                output.WriteLine($"  {example}");
            }
        }

        return ExitCodes.Done;
    }
}
