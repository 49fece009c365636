using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sepal.Training.Checkpoints;

/// <summary>One file of a checkpoint, to be written.</summary>
internal readonly record struct CheckpointFile(string Name, Action<Stream> Write);

/// <summary>A run's checkpoints on disk: written whole or not at all, checked before they are read, and few.</summary>
internal sealed class CheckpointDirectory(CheckpointOptions options)
{
    private const string Prefix = "step-";
    private const string TemporarySuffix = ".tmp";
    private const string Sums = "SHA256SUMS";
    private const long MostSumsBytes = 64 * 1024;

    /// <summary>Makes sure that checkpoints can be written here, and removes what a process that was killed left unfinished.</summary>
    /// <exception cref="CheckpointException">The directory cannot be made or written to.</exception>
    public void Open()
    {
        try
        {
            Directory.CreateDirectory(options.Directory);
            foreach (string unfinished in Directory.GetDirectories(options.Directory, $"{Prefix}*{TemporarySuffix}"))
            {
                Directory.Delete(unfinished, recursive: true);
            }

            string probe = Temporary("probe");
            Directory.CreateDirectory(probe);
            Directory.Delete(probe);
        }
        catch (Exception exception) when (IsFromDisk(exception))
        {
            throw new CheckpointException(
                $"No checkpoints can be written to the directory '{options.Directory}': {exception.Message} Give one that can be written to.", exception);
        }
    }

    /// <summary>The checkpoints' paths, the newest first.</summary>
    /// <exception cref="CheckpointException">The directory cannot be read.</exception>
    public IReadOnlyList<string> All()
    {
        try
        {
            return
            [
                .. Directory.GetDirectories(options.Directory, $"{Prefix}*")
                    .Select(path => (Path: path, Step: Step(path)))
                    .Where(entry => entry.Step is not null)
                    .OrderByDescending(entry => entry.Step)
                    .Select(entry => entry.Path),
            ];
        }
        catch (Exception exception) when (IsFromDisk(exception))
        {
            throw new CheckpointException($"The directory '{options.Directory}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a checkpoint under another name, flushes it to disk, renames it, and removes those too many.</summary>
    /// <exception cref="CheckpointException">It cannot be written; those before it are untouched.</exception>
    public void Write(long step, IReadOnlyList<CheckpointFile> files, Action<string> warn)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:D9}");
        string path = Path.Combine(options.Directory, name);
        string temporary = Temporary(name);
        try
        {
            Directory.CreateDirectory(temporary);
            var sums = new StringBuilder();
            foreach (CheckpointFile file in files)
            {
                // In the format of sha256sum, so that sha256sum -c checks a checkpoint too.
                sums.Append(CultureInfo.InvariantCulture, $"{WriteFile(Path.Combine(temporary, file.Name), file.Write)}  {file.Name}\n");
            }

            WriteFile(Path.Combine(temporary, Sums), stream => stream.Write(Encoding.UTF8.GetBytes(sums.ToString())));

            // Only a damaged one can be in the way: a run is resumed after the newest that is whole.
            Remove(path);
            Directory.Move(temporary, path);
        }
        catch (Exception exception) when (IsFromDisk(exception))
        {
            Discard(temporary);
            string last = All().FirstOrDefault(other => other != path) is { } good
                ? $"The last good one is '{good}'; when the cause is mended, Resume continues from it."
                : "There is none before it.";
            throw new CheckpointException($"The checkpoint '{path}' cannot be written: {exception.Message} {last}", exception);
        }
        catch
        {
            Discard(temporary);
            throw;
        }

        RemoveOld(warn);
    }

    /// <summary>Checks that a checkpoint is whole.</summary>
    /// <exception cref="InvalidDataException">A file is missing, or is not what was written; says which.</exception>
    public static void Verify(string path, IReadOnlyList<string> names)
    {
        string sumsPath = Path.Combine(path, Sums);
        if (new FileInfo(sumsPath) is not { Exists: true, Length: <= MostSumsBytes })
        {
            throw new InvalidDataException($"{Sums} is missing or too long");
        }

        var sums = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in File.ReadAllLines(sumsPath))
        {
            if (line.Split("  ", 2) is not [string sum, string name] || !sums.TryAdd(name, sum))
            {
                throw new InvalidDataException($"{Sums} has a line that is not a checksum and a name");
            }
        }

        foreach (string name in names)
        {
            string file = Path.Combine(path, name);
            if (!sums.TryGetValue(name, out string? expected) || !File.Exists(file))
            {
                throw new InvalidDataException($"{name} is missing");
            }

            using FileStream stream = File.OpenRead(file);
            if (!string.Equals(Convert.ToHexStringLower(SHA256.HashData(stream)), expected, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"{name} does not have the checksum that it was written with");
            }
        }
    }

    /// <summary>Whether an error is the disk's or the file system's, not ours.</summary>
    public static bool IsFromDisk(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException;

    private string Temporary(string name) =>
        Path.Combine(options.Directory, (name.StartsWith(Prefix, StringComparison.Ordinal) ? name : Prefix + name) + $".{Guid.NewGuid():N}{TemporarySuffix}");

    private static long? Step(string path) =>
        long.TryParse(Path.GetFileName(path).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : null;

    private string WriteFile(string path, Action<Stream> write)
    {
        using Stream file = options.CreateFile(path);
        using var sha = SHA256.Create();
        using (var hashing = new CryptoStream(file, sha, CryptoStreamMode.Write, leaveOpen: true))
        {
            write(hashing);
        }

        if (file is FileStream disk)
        {
            disk.Flush(flushToDisk: true);
        }

        return Convert.ToHexStringLower(sha.Hash!);
    }

    /// <summary>Takes a checkpoint out of the way at once: one that is being deleted must not look like one.</summary>
    private void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            string removed = Temporary(Path.GetFileName(path));
            Directory.Move(path, removed);
            Directory.Delete(removed, recursive: true);
        }
    }

    private void RemoveOld(Action<string> warn)
    {
        foreach (string old in All().Skip(options.Keep))
        {
            try
            {
                Remove(old);
            }
            catch (Exception exception) when (IsFromDisk(exception))
            {
                warn($"The old checkpoint '{old}' cannot be removed: {exception.Message}");
            }
        }
    }

    private static void Discard(string temporary)
    {
        try
        {
            Directory.Delete(temporary, recursive: true);
        }
        catch (Exception exception) when (IsFromDisk(exception))
        {
            // What cannot be removed now is removed when the next run opens the directory.
        }
    }
}
