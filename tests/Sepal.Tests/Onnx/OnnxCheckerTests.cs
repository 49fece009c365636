using System.Diagnostics;
using Google.Protobuf;
using Xunit;

namespace Sepal.Tests.Onnx;

/// <summary>ONNX's own checker, from Debian's <c>python3-onnx</c>, on exported random graphs.</summary>
public sealed class OnnxCheckerTests
{
    private const string Python = "/usr/bin/python3";

    // Full: with shape inference, which must agree with the shapes of the outputs.
    private const string Program = """
        import glob, sys
        import onnx.checker
        for path in sorted(glob.glob(sys.argv[1] + '/*.onnx')):
            try:
                onnx.checker.check_model(path, full_check=True)
            except Exception as error:
                sys.exit(f'{path}: {error}')
        """;

    [Fact]
    public async Task Exported_files_are_valid()
    {
        Assert.SkipUnless(File.Exists(Python), $"There is no {Python}.");
        Assert.SkipUnless((await Run("import onnx.checker")).ExitCode == 0, "Debian's package python3-onnx is not installed.");
        using var directory = new TemporaryDirectory();
        for (int seed = 2000; seed < 2060; seed++)
        {
            using var model = new Model(RandomGraphs.Make(seed));
            File.WriteAllBytes(directory.File($"{seed}.onnx"), ExportHarness.Export(model).ToByteArray());
        }

        (int exitCode, string error) = await Run(Program, directory.Path);

        Assert.True(exitCode == 0, error);
    }

    private static async Task<(int ExitCode, string Error)> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, ["-c", program, .. arguments]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }
}
