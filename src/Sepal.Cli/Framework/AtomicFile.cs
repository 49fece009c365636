using System.Text;

namespace Sepal.Cli.Framework;

/// <summary>
/// Writes files whole under another name and renames them, so that whatever interrupts the program, a path has the old file or the
/// new one and never half of either.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Writes text in UTF-8.</summary>
    /// <param name="path">The file; its directory exists.</param>
    /// <param name="text">What it holds from then on.</param>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes bytes.</summary>
    /// <param name="path">The file; its directory exists.</param>
    /// <param name="write">Writes them.</param>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.{Environment.ProcessId}.tmp");
        try
        {
            using (FileStream stream = File.Create(temporary))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
