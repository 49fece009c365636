using System.Collections.Immutable;
using Sepal.Cli.Framework;
using Sepal.Data;
using Sepal.Graphs;
using Sepal.Onnx;

namespace Sepal.Cli.Verbs;

/// <summary>A tensor of a model and its file, as <c>NAME=FILE</c> or <c>FILE</c> says.</summary>
/// <param name="Option">The option that says so.</param>
/// <param name="Name">The tensor's name in the model.</param>
/// <param name="Path">The file; its ending says in which format.</param>
internal sealed record NamedFile(string Option, string Name, string Path)
{
    private const string Expected = "a file that ends in .npy (NumPy) or .pb (ONNX)";

    private bool IsNumPy => Path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds out which file is for which tensor.</summary>
    /// <param name="texts">What was typed.</param>
    /// <param name="names">The model's inputs or outputs, in order.</param>
    /// <param name="option">The option, with its dashes.</param>
    /// <returns>One for each text.</returns>
    /// <exception cref="UsageException">There are more files than names, a name comes twice, or a file has another ending.</exception>
    public static ImmutableArray<NamedFile> Assign(IReadOnlyList<string> texts, ImmutableArray<string> names, string option)
    {
        (string? Name, string Path)[] parts = [.. texts.Select(text => Split(text, names))];
        var free = new Queue<string>(names.Except(parts.Select(part => part.Name).OfType<string>()));
        var files = ImmutableArray.CreateBuilder<NamedFile>();
        foreach ((string? given, string path) in parts)
        {
            if (given is null && free.Count == 0)
            {
                throw UsageException.ForOption(
                    option, path, $"no more files without a name than the model has such tensors: {string.Join(", ", names.Select(known => $"'{known}'"))}");
            }

            var file = new NamedFile(option, given ?? free.Dequeue(), path);
            if (!file.IsNumPy && !path.EndsWith(".pb", StringComparison.OrdinalIgnoreCase))
            {
                throw UsageException.ForOption(option, path, Expected);
            }

            if (files.Any(other => other.Name == file.Name))
            {
                throw UsageException.ForOption(option, $"{file.Name}={path}", "each name once");
            }

            files.Add(file);
        }

        return files.DrainToImmutable();
    }

    /// <summary>Reads the tensor.</summary>
    /// <returns>The tensor.</returns>
    public TensorData Read() => IsNumPy ? NpyFile.Read(Path, int.MaxValue) : TensorFile.Read(Path).Tensor;

    /// <summary>Writes the tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    public void Write(TensorData tensor)
    {
        if (IsNumPy)
        {
            NpyFile.Write(Path, tensor);
        }
        else
        {
            TensorFile.Write(Path, Name, tensor);
        }
    }

    /// <summary>Names and paths may both hold equals signs: a known name decides, then whether there is such a file.</summary>
    private static (string? Name, string Path) Split(string text, ImmutableArray<string> names)
    {
        string? known = names.Where(name => text.StartsWith($"{name}=", StringComparison.Ordinal)).MaxBy(name => name.Length);
        int equals = known?.Length ?? text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && (known is not null || !File.Exists(text))
            ? (text[..equals], text[(equals + 1)..])
            : (null, text);
    }
}
