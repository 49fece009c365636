using System.Globalization;
using Google.Protobuf;
using Sepal.Cli.TensorBoard.Protocol;

namespace Sepal.Cli.TensorBoard;

/// <summary>
/// A file of curves for TensorBoard. Every event is written out at once, so that curves can be watched as they grow and an
/// interrupted run keeps its own.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const string Version = "brain.Event:2";

    private readonly FileStream _stream;

    /// <summary>Starts a file.</summary>
    /// <param name="directory">Where; made if need be. What stands in it already stays.</param>
    public EventFile(string directory)
    {
        Directory.CreateDirectory(directory);
        long seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{seconds}.{Environment.ProcessId}.sepal");
        _stream = new FileStream(Path.Combine(directory, name), FileMode.Create, FileAccess.Write, FileShare.Read);
        Write(new Event { FileVersion = Version });
    }

    /// <summary>Writes numbers of one step.</summary>
    /// <param name="step">The step, the horizontal axis.</param>
    /// <param name="values">Numbers by tag; each tag is a curve.</param>
    public void Write(long step, params IEnumerable<(string Tag, double Value)> values)
    {
        var summary = new Summary();
        summary.Value.AddRange(values.Select(value => new Summary.Types.Value { Tag = value.Tag, SimpleValue = (float)value.Value }));
        Write(new Event { Step = step, Summary = summary });
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void Write(Event entry)
    {
        entry.WallTime = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        TfRecord.Write(_stream, entry.ToByteArray());
        _stream.Flush();
    }
}
