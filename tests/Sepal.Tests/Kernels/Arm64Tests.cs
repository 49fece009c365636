using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Sepal.Tests.Kernels.Depthwise;
using Xunit;

namespace Sepal.Tests.Kernels;

/// <summary>
/// Compiles a part of the kernel tests (<c>tests/Arm64</c>) ahead of time for Arm64 and runs them in an emulator. A program without a JIT
/// is what the emulator runs reliably.
/// </summary>
public sealed class Arm64Tests
{
    private const string Emulator = "/usr/bin/qemu-aarch64";
    private const string Linker = "/usr/bin/aarch64-linux-gnu-gcc";
    private const string Libraries = "/usr/aarch64-linux-gnu";

    [Fact]
    public async Task Kernels_pass_on_Arm64()
    {
        Assert.SkipWhen(RuntimeInformation.ProcessArchitecture == Architecture.Arm64, "All tests run on Arm64 here.");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The emulator runs Linux programs on Linux.");
        Assert.SkipUnless(File.Exists(Emulator), $"{Emulator} is missing: install Debian's package qemu-user, or run ./test --install.");
        Assert.SkipUnless(
            File.Exists(Linker), $"{Linker} is missing: install Debian's package gcc-aarch64-linux-gnu, or run ./test --install.");
        string folder = Repository.Path("artifacts", "arm64");

        // With --runtime, restoring would leave the compiler out, and what is published would need a JIT.
        string[] options =
        [
            "--artifacts-path", folder, "-p:RuntimeIdentifier=linux-arm64", "-p:RunAnalyzers=false", "-p:UseSharedCompilation=false", "-nodeReuse:false",
        ];
        (int restored, string messages) = await Run("dotnet", ["restore", Repository.Path("tests", "Arm64"), .. options]);
        Assert.SkipUnless(restored == 0, $"NuGet has no packages to compile ahead of time for Arm64 with: {messages}");

        string program = Path.Combine(folder, "tests");
        (int published, string errors) = await Run(
            "dotnet", ["publish", Repository.Path("tests", "Arm64"), "--no-restore", "--configuration", "Release", "--output", program, .. options]);
        Assert.True(published == 0, errors);

        // A processor without scalable vectors, as most have.
        (int exitCode, string output) = await Run(
            Emulator, ["-cpu", "cortex-a76", "-L", Libraries, Path.Combine(program, "Sepal.Tests.Arm64")]);
        Assert.True(exitCode == 0, output);
        Match summary = Regex.Match(output, @"^(\d+) passed, 0 failed, Arm64, AdvSimd True, 4 floats a vector$", RegexOptions.Multiline);
        Assert.True(summary.Success, output);
        Assert.True(int.Parse(summary.Groups[1].Value, CultureInfo.InvariantCulture) > DepthwiseShapes.All.Count, output);
    }

    private static async Task<(int ExitCode, string Output)> Run(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }
}
