namespace Sepal.Onnx.Files;

/// <summary>Resolves every symbolic link in a path, so that a path can be judged by where it leads.</summary>
internal static class RealPath
{
    // As many as Linux follows.
    private const int MaximumLinks = 40;

    /// <summary>The path without links, <c>.</c> or <c>..</c>; what does not exist is kept as it is written.</summary>
    /// <param name="path">Any path.</param>
    /// <exception cref="IOException">There are more links than a system would follow.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        string root = Path.GetPathRoot(full)!;
        string resolved = root;
        Stack<string> remaining = Parts(full[root.Length..]);
        int links = 0;
        while (remaining.TryPop(out string? part))
        {
            string next = Path.Combine(resolved, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MaximumLinks)
            {
                throw new IOException($"'{path}' goes through more than {MaximumLinks} symbolic links");
            }

            // A link's target starts over: its own parts may be links too.
            string link = Path.GetFullPath(Path.Combine(resolved, target));
            resolved = Path.GetPathRoot(link)!;
            foreach (string rest in Parts(link[resolved.Length..]).Reverse())
            {
                remaining.Push(rest);
            }
        }

        return resolved;
    }

    /// <summary>Whether a resolved path lies in a resolved directory or below it.</summary>
    public static bool IsBelow(string path, string directory)
    {
        StringComparison comparison = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
            ? StringComparison.OrdinalIgnoreCase
            : StringComparison.Ordinal;
        string prefix = Path.EndsInDirectorySeparator(directory) ? directory : directory + Path.DirectorySeparatorChar;
        return path.StartsWith(prefix, comparison);
    }

    private static Stack<string> Parts(string relative) => new(
        relative.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Reverse());
}
