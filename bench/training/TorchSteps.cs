using System.Diagnostics;
using System.Globalization;
using static System.FormattableString;

namespace Sepal.TrainingSpeed;

/// <summary>The same training steps in PyTorch, in a process of its own that waits between blocks.</summary>
internal sealed class TorchSteps : IDisposable
{
    private readonly Process _process;

    private TorchSteps(Process process, string version)
    {
        _process = process;
        Version = version;
    }

    /// <summary>PyTorch's version.</summary>
    public string Version { get; }

    /// <summary>Starts it, where a Python that has PyTorch is found: Debian's own, or the first of the path.</summary>
    /// <returns>The process, or null.</returns>
    public static TorchSteps? TryStart(TrainingNetwork network, int threads)
    {
        foreach (string python in (string[])["/usr/bin/python3", "python3"])
        {
            var start = new ProcessStartInfo(python)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "torch_steps.py"), network.Name, Invariant($"{network.Batch}"), Invariant($"{threads}")])
            {
                start.ArgumentList.Add(argument);
            }

            try
            {
                var process = Process.Start(start)!;

                // Nobody reads what it warns of, and a full pipe would stop it.
                process.ErrorDataReceived += static (_, _) => { };
                process.BeginErrorReadLine();
                if (process.StandardOutput.ReadLine() is { } version)
                {
                    return new TorchSteps(process, version);
                }

                process.Dispose();
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // There is no such program: not there is what the caller is told.
            }
        }

        return null;
    }

    /// <summary>Makes steps.</summary>
    /// <returns>The milliseconds of each but the first.</returns>
    public IReadOnlyList<double> Run(int steps)
    {
        _process.StandardInput.WriteLine(Invariant($"{steps}"));
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine() ?? throw new SepalException("PyTorch's process ended early.");
        return [.. line.Split(' ').Skip(1).Select(time => double.Parse(time, CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
