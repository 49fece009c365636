using System.Text.Json;
using Xunit;

namespace Sepal.Tests.Cli;

public class CostVerbTests
{
    private const string Textbook = "cost --input 5x5x3 --filters 4 --kernel 3";

    [Fact]
    public void Table() => AssertOutput(
        Textbook,
        """
          Convolution   Parameters   MACs   Output
        ────────────────────────────────────────────
          standard             108    972    3×3×4
          depthwise             27    243    3×3×3
          pointwise             12    108    3×3×4
          separable             39    351    3×3×4

          Separable / standard   Counted   Closed form
        ────────────────────────────────────────────────
          parameters               0.361         0.361
          MACs                     0.361         0.361

        For one 5×5×3 image the separable convolution takes 351 multiply-adds (MACs) where the standard one takes 972: 2.8 times fewer.

        The closed form is 1/N + 1/k² = 1/4 + 1/9 = 0.361.

        """);

    [Fact]
    public void Markdown() => AssertOutput(
        $"{Textbook} --padding same --bias --format markdown",
        """
        | Convolution | Parameters |  MACs | Output |
        | ----------- | ---------: | ----: | -----: |
        | standard    |        112 | 2,700 |  5×5×4 |
        | depthwise   |         27 |   675 |  5×5×3 |
        | pointwise   |         16 |   300 |  5×5×4 |
        | separable   |         43 |   975 |  5×5×4 |

        | Separable / standard | Counted | Closed form |
        | -------------------- | ------: | ----------: |
        | parameters           |   0.384 |       0.361 |
        | MACs                 |   0.361 |       0.361 |

        For one 5×5×3 image the separable convolution takes 975 multiply-adds (MACs) where the standard one takes 2,700: 2.8 times fewer.

        The closed form is 1/N + 1/k² = 1/4 + 1/9 = 0.361. The bias counts as parameters, and is left out of the closed form.

        """);

    [Fact]
    public void Csv() => AssertOutput(
        $"{Textbook} --padding 1 --format csv",
        """
        name,parameters,macs,output
        standard,108,2700,5x5x4
        depthwise,27,675,5x5x3
        pointwise,12,300,5x5x4
        separable,39,975,5x5x4

        """);

    [Fact]
    public void Json() => AssertOutput(
        $"{Textbook} --format json",
        """
        {"input":[5,5,3],"output":[3,3,4],"layers":[{"name":"standard","parameters":108,"macs":972,"output":[3,3,4]},
        {"name":"depthwise","parameters":27,"macs":243,"output":[3,3,3]},
        {"name":"pointwise","parameters":12,"macs":108,"output":[3,3,4]},
        {"name":"separable","parameters":39,"macs":351,"output":[3,3,4]}],
        "parameterRatio":0.3611111111111111,"macRatio":0.3611111111111111,"closedForm":0.3611111111111111,
        "filters":4,"kernel":[3,3],"strides":[1,1],"padding":"valid","dilation":[1,1],"depthMultiplier":1,"bias":false}
        """.ReplaceLineEndings(string.Empty) + "\n");

    [Fact]
    public void Every_option_reaches_the_count()
    {
        (int exitCode, string output, _) = CommandLine.Run(
            "cost --input 20x30x6 --filters 8 --kernel 3x5 --strides 2x1 --padding 2 --dilation 1x2 --depth-multiplier 3 --bias --format json");

        Assert.Equal(0, exitCode);
        JsonElement json = JsonDocument.Parse(output).RootElement;
        JsonElement standard = json.GetProperty("layers")[0];

        // Height (20 + 4 − 3)/2 + 1; width 30 + 4 − 9 + 1, since five taps at distance 2 cover 9.
        Assert.Equal("[11,26,8]", json.GetProperty("output").GetRawText());
        Assert.Equal((15 * 6 * 8) + 8, standard.GetProperty("parameters").GetInt64());
        Assert.Equal(11 * 26 * 15 * 6 * 8, standard.GetProperty("macs").GetInt64());
        Assert.Equal((15 * 18) + (18 * 8) + 8, json.GetProperty("layers")[3].GetProperty("parameters").GetInt64());
        Assert.Equal((3.0 / 8) + (3.0 / 15), json.GetProperty("macRatio").GetDouble(), 12);
        Assert.Equal("2", json.GetProperty("padding").GetString());
    }

    [Theory]
    [InlineData("--kernel 3x5", "1/N + 1/(kh·kw) = 1/4 + 1/15 = 0.317")]
    [InlineData("--kernel 3 --depth-multiplier 2", "m/N + m/k² = 2/4 + 2/9 = 0.722")]
    [InlineData("--kernel 3x5 --depth-multiplier 2", "m/N + m/(kh·kw) = 2/4 + 2/15 = 0.633")]
    [InlineData("--kernel 1", "takes 300: 1.2 times more.")]
    public void The_sentences_fit_the_numbers(string options, string expected)
    {
        (int exitCode, string output, _) = CommandLine.Run($"cost --input 5x5x3 --filters 4 --padding same {options}");

        Assert.Equal(0, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--input 5x5 --filters 4 --kernel 3", "--input: received '5x5'; expected height x width x channels (5x5x3), each from 1 to 2147483647.")]
    [InlineData("--input 5x0x3 --filters 4 --kernel 3", "--input: received '5x0x3'; expected height x width x channels (5x5x3), each from 1 to 2147483647.")]
    [InlineData("--input 5x5x3 --filters 0 --kernel 3", "--filters: received '0'; expected a whole number from 1 to 2147483647.")]
    [InlineData("--input 5x5x3 --filters -4 --kernel 3", "--filters: received '-4'; expected a whole number from 1 to 2147483647.")]
    [InlineData("--input 5x5x3 --filters 4.5 --kernel 3", "--filters: received '4.5'; expected a whole number from 1 to 2147483647.")]
    [InlineData("--input 5x5x3 --filters 99999999999 --kernel 3", "--filters: received '99999999999'; expected a whole number from 1 to 2147483647.")]
    [InlineData("--input 5x5x3 --filters 4 --kernel three", "--kernel: received 'three'; expected one number (3) or height x width (3x5), each from 1 to 2147483647.")]
    [InlineData("--input 5x5x3 --filters 4 --kernel 3x3x3", "--kernel: received '3x3x3'; expected one number (3) or height x width (3x5), each from 1 to 2147483647.")]
    [InlineData("--input 5x5x3 --filters 4 --kernel 3 --strides 0", "--strides: received '0'; expected one number (3) or height x width (3x5), each from 1 to 2147483647.")]
    [InlineData("--input 5x5x3 --filters 4 --kernel 3 --dilation x", "--dilation: received 'x'; expected one number (3) or height x width (3x5), each from 1 to 2147483647.")]
    [InlineData("--input 5x5x3 --filters 4 --kernel 3 --padding full", "--padding: received 'full'; expected valid, same, or rows and columns on every side, from 0 to 2147483647.")]
    [InlineData("--input 5x5x3 --filters 4 --kernel 3 --depth-multiplier 0", "--depth-multiplier: received '0'; expected a whole number from 1 to 2147483647.")]
    [InlineData("--input 5x5x3 --filters 4 --kernel 3 --format xml", "--format: received 'xml'; expected table, json, csv or markdown.")]
    [InlineData("--input 5x5x3 --filters 4", "missing --kernel <N|HxW>.")]
    [InlineData("--input 5x5x3 --filters 4 --kernel", "Required argument missing for option: '--kernel'.")]
    [InlineData("--input 5x5x3 --filters 4 --kernal 3", "unknown option '--kernal'. Did you mean '--kernel'?")]
    [InlineData("--input 5x5x3 --filters 4 --kernel 3 7", "unexpected argument '7'.")]
    public void A_bad_option_is_named(string options, string message) =>
        AssertRefused($"cost {options}", $"{message} See 'sepal cost --help'.");

    [Theory]
    [InlineData(
        "--input 5x5x3 --filters 4 --kernel 9",
        "--kernel: received '9'; expected a kernel no larger than the padded input, 5×5; or padding 'same'.")]
    [InlineData(
        "--input 5x5x3 --filters 4 --kernel 3x9 --padding 1",
        "--kernel: received '3x9'; expected a kernel no larger than the padded input, 7×7; or padding 'same'.")]
    [InlineData(
        "--input 5x5x3 --filters 4 --kernel 3 --dilation 9x2",
        "--kernel: received '3'; expected a kernel no larger than the padded input, 5×5 (at dilation 9×2 it covers 19×5); or padding 'same'.")]
    public void Options_that_do_not_fit_together_are_named(string options, string message) => AssertRefused($"cost {options}", message);

    [Theory]
    [InlineData("--input 5x5x3 --filters 4 --kernel 60000 --padding same")]
    [InlineData("--input 500000x500000x3000000 --filters 400000000 --kernel 6000 --padding same")]
    [InlineData("--input 5x5x30000 --filters 4 --kernel 3 --depth-multiplier 2000000")]
    [InlineData("--input 2147483647x2147483647x2147483647 --filters 2147483647 --kernel 1 --strides 2147483647 --padding 2147483647")]
    public void Counts_that_overflow_are_refused(string options)
    {
        (int exitCode, string output, string error) = CommandLine.Run($"cost {options}");

        Assert.Equal((2, string.Empty), (exitCode, output));
        Assert.StartsWith("sepal: --input, --filters, --kernel, --depth-multiplier: received ", error, StringComparison.Ordinal);
        Assert.Contains("expected numbers whose counts fit 64 bits.", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static void AssertOutput(string arguments, string expected)
    {
        (int exitCode, string output, string error) = CommandLine.Run(arguments);

        Assert.Equal(expected, output);
        Assert.Equal((0, string.Empty), (exitCode, error));
    }

    private static void AssertRefused(string arguments, string message)
    {
        (int exitCode, string output, string error) = CommandLine.Run(arguments);

        Assert.Equal($"sepal: {message}\n", error);
        Assert.Equal((2, string.Empty), (exitCode, output));
    }
}
