using System.Globalization;

namespace Sepal.Training.Callbacks;

/// <summary>Writes one line an epoch to a CSV file, at once, so that an interrupted run keeps what was finished.</summary>
/// <param name="path">The file; it is replaced.</param>
public sealed class CsvLog(string path) : Callback
{
    private bool _hasHeader;

    /// <inheritdoc/>
    public override void OnTrainingBegin(Model model, TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _hasHeader = false;
        Write(() => File.WriteAllText(path, string.Concat(run.Completed.Select(Lines))));
    }

    /// <inheritdoc/>
    public override bool OnEpochEnd(Model model, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        string text = Lines(result);
        Write(() => File.AppendAllText(path, text));
        return true;
    }

    /// <summary>An epoch's line, after the header if it is the first.</summary>
    private string Lines(EpochResult result)
    {
        string[] names = [.. result.FigureNames];
        string text = _hasHeader ? string.Empty : $"epoch,{string.Join(',', names)},learning_rate,seconds\n";
        _hasHeader = true;
        IEnumerable<string> figures = names.Select(name => result.Figure(name)!.Value.ToString("R", CultureInfo.InvariantCulture));
        return text + string.Create(
            CultureInfo.InvariantCulture, $"{result.Epoch},{string.Join(',', figures)},{result.LearningRate},{result.Seconds:0.###}\n");
    }

    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SepalException(
                $"The log '{path}' cannot be written: {exception.Message} Give a path in a directory that exists and can be written to.", exception);
        }
    }
}
