using System.CommandLine;
using Sepal.Cli;
using Sepal.Cli.Framework;
using Xunit;

namespace Sepal.Tests.Cli;

public class SepalCommandTests
{
    [Fact]
    public void Every_verb_has_help_with_an_example_that_parses()
    {
        Command root = SepalCommand.CreateRoot();

        Assert.NotEmpty(root.Subcommands);
        foreach (Verb verb in root.Subcommands.Cast<Verb>())
        {
            (int exitCode, string output, string error) = CommandLine.Run($"{verb.Name} --help");

            Assert.Equal((0, string.Empty), (exitCode, error));
            Assert.Contains("Example", output, StringComparison.Ordinal);
            Assert.NotEmpty(verb.Examples);
            Assert.All(verb.Examples, example =>
            {
                Assert.StartsWith($"sepal {verb.Name} ", example, StringComparison.Ordinal);
                Assert.Contains(example, output, StringComparison.Ordinal);
                Assert.Empty(root.Parse(example.Split(' ')[1..]).Errors);
            });
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("-h")]
    public void Help_lists_the_verbs(string arguments)
    {
        (int exitCode, string output, string error) = CommandLine.Run(arguments);

        Assert.Equal((0, string.Empty), (exitCode, error));
        Assert.Contains("Usage:\n  sepal [command] [options]", output, StringComparison.Ordinal);
        Assert.All(SepalCommand.CreateRoot().Subcommands, verb => Assert.Contains($"  {verb.Name}", output, StringComparison.Ordinal));
    }

    [Fact]
    public void Version()
    {
        (int exitCode, string output, _) = CommandLine.Run("--version");

        Assert.Equal(0, exitCode);
        Assert.Matches(@"^sepal \d+\.\d+\.\d+\S*\n$", output);
    }

    [Theory]
    [InlineData("cots", "unknown verb 'cots'. Did you mean 'cost'?")]
    [InlineData("COST", "unknown verb 'COST'. Did you mean 'cost'?")]
    [InlineData("photosynthesise", "unknown verb 'photosynthesise'.")]
    [InlineData("--verison", "unknown option '--verison'. Did you mean '--version'?")]
    [InlineData("@file", "unknown verb '@file'.")]
    public void An_unknown_verb_or_option_is_named(string arguments, string message)
    {
        (int exitCode, string output, string error) = CommandLine.Run(arguments);

        Assert.Equal($"sepal: {message} See 'sepal --help'.\n", error);
        Assert.Equal((2, string.Empty), (exitCode, output));
    }

    [Fact]
    public void Errors_are_one_line_and_an_exit_code()
    {
        Assert.Equal((2, "sepal: a b\n"), RunThrowing(new SepalException("a\n  b"), CancellationToken.None));
        Assert.Equal((2, "sepal: no file\n"), RunThrowing(new FileNotFoundException("no file"), CancellationToken.None));
        Assert.Equal((1, "sepal: disk full\n"), RunThrowing(new IOException("disk full"), CancellationToken.None));
        Assert.Equal(
            (1, "sepal: internal error (InvalidOperationException): oops\n"), RunThrowing(new InvalidOperationException("oops"), CancellationToken.None));
    }

    [Fact]
    public void Interruption_has_an_exit_code_of_its_own()
    {
        var cancelled = new CancellationToken(canceled: true);

        Assert.Equal((130, "sepal: interrupted\n"), RunThrowing(new OperationCanceledException(cancelled), cancelled));
        Assert.Equal(1, RunThrowing(new OperationCanceledException("of some other token"), CancellationToken.None).ExitCode);
    }

    [Fact]
    public void A_verb_can_be_all_that_a_program_does()
    {
        var error = new StringWriter();
        var terminal = new Terminal(new StringWriter(), error);
        var root = new ThrowingVerb(new SepalException("reached"));

        Assert.Equal(2, SepalCommand.Run(root, [], terminal, CancellationToken.None));
        Assert.Equal(2, SepalCommand.Run(root, ["more"], terminal, CancellationToken.None));
        Assert.Equal("throw: reached\nthrow: unexpected argument 'more'. See 'throw --help'.\n", error.ToString().ReplaceLineEndings("\n"));
    }

    private static (int ExitCode, string Error) RunThrowing(Exception exception, CancellationToken cancellation)
    {
        var root = new Command("sepal") { new ThrowingVerb(exception) };
        var error = new StringWriter();
        int exitCode = SepalCommand.Run(root, ["throw"], new Terminal(new StringWriter(), error), cancellation);
        return (exitCode, error.ToString().ReplaceLineEndings("\n"));
    }

    private sealed class ThrowingVerb(Exception exception) : Verb("throw", "Throws.", "sepal throw")
    {
        public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation) => throw exception;
    }
}
