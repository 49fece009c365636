using System.CommandLine;
using Sepal.Cli.Framework;
using Xunit;

namespace Sepal.Tests.Cli;

public class SharedOptionsTests
{
    [Fact]
    public void Threads_are_from_1_to_1024()
    {
        Option<int> threads = SharedOptions.Threads();

        Assert.InRange(Parse(threads, "").Value, 1, 1024);
        Assert.Equal((3, null), Parse(threads, "--threads 3"));
        Assert.All((string[])["0", "-1", "1025", "two", "1e3", "+1"], bad => Assert.Equal(
            $"--threads: received '{bad}'; expected a whole number from 1 to 1024.", Parse(threads, $"--threads {bad}").Error));
    }

    [Fact]
    public void Seeds_are_64_bits()
    {
        Option<ulong> seed = SharedOptions.Seed();

        Assert.Equal((0UL, null), Parse(seed, ""));
        Assert.Equal((ulong.MaxValue, null), Parse(seed, "--seed 18446744073709551615"));
        Assert.All((string[])["-1", "18446744073709551616"], bad => Assert.Equal(
            $"--seed: received '{bad}'; expected a whole number from 0 to 18446744073709551615.", Parse(seed, $"--seed {bad}").Error));
    }

    private static (T? Value, string? Error) Parse<T>(Option<T> option, string arguments)
    {
        ParseResult result = new Command("test") { option }.Parse(arguments);
        return result.Errors is [{ } first, ..] ? (default, first.Message) : (result.GetValue(option), null);
    }
}
