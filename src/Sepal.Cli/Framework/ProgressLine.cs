namespace Sepal.Cli.Framework;

/// <summary>
/// One line that is written over and over, on the error stream and only where that is a terminal. Safe to use from
/// several threads.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    private const string ClearLine = "\r\u001b[K";

    private readonly TextWriter _error;
    private readonly int? _width;
    private readonly Lock _lock = new();
    private bool _shown;

    /// <summary>Makes a line; nothing is shown yet.</summary>
    /// <param name="error">The error stream.</param>
    /// <param name="width">Its columns; null where it is not a terminal.</param>
    public ProgressLine(TextWriter error, int? width)
    {
        _error = error;
        _width = width;
    }

    /// <summary>Whether anybody sees it; work that only makes its text can be skipped otherwise.</summary>
    public bool IsVisible => _width is not null;

    /// <summary>Shows a text in place of the last one, cut to the terminal's width.</summary>
    /// <param name="text">One line.</param>
    public void Show(string text)
    {
        if (_width is not { } width)
        {
            return;
        }

        lock (_lock)
        {
            _shown = true;
            _error.Write(ClearLine);
            _error.Write(text.Length < width ? text : text[..(width - 1)]);
            _error.Flush();
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_shown)
            {
                _shown = false;
                _error.Write(ClearLine);
                _error.Flush();
            }
        }
    }
}
