using System.Globalization;
using Google.Protobuf;
using Sepal.Cli.TensorBoard.Protocol;

namespace Sepal.Cli.TensorBoard;

/// <summary>
/// A file of curves for TensorBoard. Every event is written out at once, so that curves can be watched as they grow and an
/// interrupted run keeps its own; a run that is resumed goes on in the file that it began.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const string Version = "brain.Event:2";
    private const string Prefix = "events.out.tfevents.";
    private const string Suffix = ".sepal";

    private readonly FileStream _stream;
    private readonly List<(long Step, long End)> _events = [];

    /// <summary>Opens the file of a run, or starts one.</summary>
    /// <param name="directory">Where; made if need be.</param>
    public EventFile(string directory)
    {
        Directory.CreateDirectory(directory);
        string path = Directory.GetFiles(directory, $"{Prefix}*{Suffix}").Order(StringComparer.Ordinal).LastOrDefault() ?? NewPath(directory);

        // Without a buffer: what a full disk has refused must not be tried again when the file is closed.
        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        KeepWholeEvents();
        if (_events.Count == 0)
        {
            Write(new Event { FileVersion = Version });
        }
    }

    /// <summary>The last step that has been written; 0 where there is none.</summary>
    public long LastStep => _events[^1].Step;

    /// <summary>Writes numbers of one step, in place of what was written for it and for later ones before.</summary>
    /// <param name="step">The step, the horizontal axis, from 1.</param>
    /// <param name="values">Numbers by tag; each tag is a curve.</param>
    public void Write(long step, params IEnumerable<(string Tag, double Value)> values)
    {
        if (LastStep >= step)
        {
            _events.RemoveAll(entry => entry.Step >= step);
            CutOff();
        }

        var summary = new Summary();
        summary.Value.AddRange(values.Select(value => new Summary.Types.Value { Tag = value.Tag, SimpleValue = (float)value.Value }));
        Write(new Event { Step = step, Summary = summary });
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static string NewPath(string directory)
    {
        long seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{seconds}.{Environment.ProcessId}{Suffix}"));
    }

    /// <summary>A process that was killed may have left half an event at the end.</summary>
    private void KeepWholeEvents()
    {
        byte[] bytes = new byte[_stream.Length];
        _stream.ReadExactly(bytes);
        int end = 0;
        while (TfRecord.Read(bytes.AsMemory(end), out ReadOnlyMemory<byte> data) is var length and > 0)
        {
            end += length;
            _events.Add((Event.Parser.ParseFrom(data.Span).Step, end));
        }

        CutOff();
    }

    private void CutOff()
    {
        long end = _events.Count > 0 ? _events[^1].End : 0;
        _stream.SetLength(end);
        _stream.Position = end;
    }

    private void Write(Event entry)
    {
        entry.WallTime = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        TfRecord.Write(_stream, entry.ToByteArray());
        _events.Add((entry.Step, _stream.Position));
    }
}
