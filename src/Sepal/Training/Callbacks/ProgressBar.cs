using System.Diagnostics;
using System.Globalization;

namespace Sepal.Training.Callbacks;

/// <summary>
/// A bar with loss, first metric, examples a second and remaining time of the epoch, and a line for every finished epoch, as
/// Keras draws it. Draws at most ten times a second.
/// </summary>
/// <param name="output">Where to draw; a terminal.</param>
/// <param name="label">What stands before every line, or nothing.</param>
public sealed class ProgressBar(TextWriter output, string label = "") : Callback
{
    private const int Cells = 24;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly string _prefix = label.Length == 0 ? string.Empty : label + "  ";
    private TrainingRun _run = new(1, 1, 1);
    private long _drawn;
    private int _width;

    /// <summary>A bar on the error stream if that is a terminal.</summary>
    /// <param name="label">What stands before every line.</param>
    /// <returns>The bar, or null where nobody would see it.</returns>
    public static ProgressBar? OnTerminal(string label = "") =>
        Console.IsErrorRedirected ? null : new ProgressBar(Console.Error, label);

    /// <inheritdoc/>
    public override void OnTrainingBegin(Model model, TrainingRun run)
    {
        _run = run;
        _drawn = 0;
    }

    /// <inheritdoc/>
    public override void OnBatchEnd(in BatchProgress progress)
    {
        if (_drawn != 0 && Stopwatch.GetElapsedTime(_drawn) < Interval)
        {
            return;
        }

        _drawn = Stopwatch.GetTimestamp();
        double done = (double)progress.Examples / _run.Examples;
        double rate = progress.Examples / Math.Max(progress.Elapsed.TotalSeconds, 1e-9);
        double rest = (_run.Examples - progress.Examples) / rate;
        int full = (int)(done * Cells);
        string bar = new string('━', full) + new string('─', Cells - full);
        string metric = progress.MetricName is null
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $" · {progress.MetricName} {progress.Metric:0.0000}");
        Draw(string.Create(
            CultureInfo.InvariantCulture,
            $"{_prefix}epoch {progress.Epoch}/{_run.Epochs} {bar} {done * 100,3:0}% · loss {progress.Loss:0.0000}{metric} · {rate:N0} images/s · {rest:0} s left"));
    }

    /// <inheritdoc/>
    public override bool OnEpochEnd(Model model, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        string text = string.Create(CultureInfo.InvariantCulture, $"{_prefix}epoch {result.Epoch}/{_run.Epochs}: {result.Seconds:0.0} s");
        foreach (string name in result.FigureNames)
        {
            text += string.Create(CultureInfo.InvariantCulture, $" · {name} {result.Figure(name):0.0000}");
        }

        Draw(text);
        output.WriteLine();
        _width = 0;
        return true;
    }

    /// <inheritdoc/>
    public override void OnTrainingEnd(Model model)
    {
        // An epoch that was broken off has left its bar standing.
        if (_width > 0)
        {
            output.WriteLine();
            _width = 0;
        }
    }

    private void Draw(string text)
    {
        output.Write('\r' + text + new string(' ', Math.Max(_width - text.Length, 0)));
        output.Flush();
        _width = text.Length;
    }
}
