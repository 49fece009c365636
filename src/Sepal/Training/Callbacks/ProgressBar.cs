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
    private const int MostCells = 24;
    private const int FewestCells = 4;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly string _prefix = label.Length == 0 ? string.Empty : label + "  ";
    private TrainingRun _run = new(1, 1, 1);
    private long _drawn;
    private int _width;

    /// <summary>The terminal's columns, which a line that is drawn over and over must not pass; null where they are not known.</summary>
    public int? Columns { get; init; }

    /// <summary>A bar on the error stream if that is a terminal.</summary>
    /// <param name="label">What stands before every line.</param>
    /// <returns>The bar, or null where nobody would see it.</returns>
    public static ProgressBar? OnTerminal(string label = "") =>
        Console.IsErrorRedirected
            ? null
            : new ProgressBar(Console.Error, label) { Columns = Console.WindowWidth > 0 ? Console.WindowWidth : null };

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
        string metric = progress.MetricName is null
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $" · {progress.MetricName} {progress.Metric:0.0000}");
        string start = string.Create(CultureInfo.InvariantCulture, $"{_prefix}epoch {progress.Epoch}/{_run.Epochs} ");
        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{done * 100,3:0}% · loss {progress.Loss:0.0000}{metric} · {rate:N0} images/s · {rest:0} s left");

        // A line that reaches the last column would wrap, and the next one be drawn below it: the bar gives way, then the end.
        int room = (Columns ?? int.MaxValue) - 1;
        int cells = Math.Min(room - start.Length - figures.Length - 1, MostCells);
        string text = cells >= FewestCells ? $"{start}{Bar(done, cells)} {figures}" : start + figures;
        Draw(text.Length > room ? text[..Math.Max(room, 0)] : text);
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

    private static string Bar(double done, int cells)
    {
        int full = (int)(done * cells);
        return new string('━', full) + new string('─', cells - full);
    }

    private void Draw(string text)
    {
        output.Write('\r' + text.PadRight(_width));
        output.Flush();
        _width = text.Length;
    }
}
