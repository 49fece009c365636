using Sepal.Tests.Cli;
using Xunit;

namespace Sepal.Tests.Documentation;

/// <summary>The output shown in the documentation is what the program writes.</summary>
public class ConsoleExampleTests
{
    private const string Prompt = "$ ./sepal ";

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/cost.md")]
    [InlineData("docs/separable.md")]
    public void Examples_are_real(string document)
    {
        string path = Repository.Path(document);
        Assert.SkipUnless(File.Exists(path), "There is no documentation around the tests.");

        // What other verbs write depends on the machine.
        (string Command, string Output)[] examples =
        [
            .. ExamplesIn(File.ReadAllText(path).ReplaceLineEndings("\n"))
                .Where(example => example.Command.StartsWith("cost ", StringComparison.Ordinal)),
        ];

        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            (_, string output, string error) = CommandLine.Run(example.Command);
            Assert.Equal(example.Output.TrimEnd(), (output + error).TrimEnd());
        });
    }

    private static IEnumerable<(string Command, string Output)> ExamplesIn(string text)
    {
        const string Fence = "```";
        foreach (string block in text.Split($"{Fence}console\n")[1..])
        {
            // A command and what it wrote; another command may follow.
            foreach (string example in block[..block.IndexOf($"\n{Fence}", StringComparison.Ordinal)].Split(Prompt)[1..])
            {
                int end = example.IndexOf('\n', StringComparison.Ordinal);
                yield return (example[..end], example[(end + 1)..]);
            }
        }
    }
}
