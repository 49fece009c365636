using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Sepal.Tests.Packaging;

/// <summary>Runs programs with the package cache, the home and the working directory in one temporary place.</summary>
internal sealed class DotnetCommand(string directory)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>Runs a program that has to succeed.</summary>
    /// <param name="program">Its path, or <c>dotnet</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it wrote to its output, line ends as line feeds.</returns>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NUGET_PACKAGES"] = Path.Combine(directory, "packages");
        start.Environment["DOTNET_CLI_HOME"] = Path.Combine(directory, "home");
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";

        // An installed tool looks for the runtime here; the three folders above it are shared/Microsoft.NETCore.App/<version>.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

        // Build servers would outlive the test and keep its directory in use.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Timeout);
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            string text = (await output).ReplaceLineEndings("\n");
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{text}\n{await error}");
            return text;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
