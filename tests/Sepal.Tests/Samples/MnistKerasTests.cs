using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Sepal.Tests.Samples;

/// <summary>The sample as its user runs it: the real files, five epochs, batches of 32.</summary>
public partial class MnistKerasTests
{
    [Fact]
    public async Task The_keras_program_reaches_the_accuracy_that_keras_reaches()
    {
        // bin/<configuration>/net10.0 is the same for the tests and for the sample.
        string output = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string program = Repository.Path("samples", "MnistKeras", "bin", output, "net10.0", "MnistKeras.dll");
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { program, Repository.Path("data", "mnist") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}: {text}{await errors}");

        Match line = TestAccuracy().Match(text);
        Assert.True(line.Success, text);
        Assert.InRange(double.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture), 0.985, 1);
    }

    [GeneratedRegex(@"^Test accuracy: (\d\.\d{4})$", RegexOptions.Multiline)]
    private static partial Regex TestAccuracy();
}
