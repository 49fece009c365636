using Sepal.Architectures;
using Sepal.Cli.Framework;
using Sepal.Graphs;
using Sepal.Onnx;

namespace Sepal.Cli.Models;

/// <summary>What <c>MODEL</c> on a command line stands for: an architecture by its name, or an ONNX file.</summary>
internal sealed class ModelSource
{
    private readonly Architecture? _architecture;

    private ModelSource(string text, Architecture? architecture)
    {
        Text = text;
        _architecture = architecture;
    }

    /// <summary>What was typed: the name or the path.</summary>
    public string Text { get; }

    /// <summary>Whether it is a file rather than an architecture.</summary>
    public bool IsFile => _architecture is null;

    /// <summary>Finds out what is meant. A file that is called like an architecture needs a path: <c>./resnet18</c>.</summary>
    /// <param name="text">What was typed.</param>
    /// <returns>The source; a file is not looked at yet.</returns>
    /// <exception cref="UsageException">It is no architecture and looks like no file.</exception>
    public static ModelSource Resolve(string text)
    {
        if (Architecture.TryCreate(text, out Architecture? architecture))
        {
            return new ModelSource(text, architecture);
        }

        bool isFile = text.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) || text.AsSpan().ContainsAny('/', '\\') || File.Exists(text);
        return isFile ? new ModelSource(text, null) : throw Unknown("MODEL", text, "an ONNX file, or an architecture");
    }

    /// <summary>Finds an architecture.</summary>
    /// <param name="name">What was typed.</param>
    /// <returns>The source.</returns>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static ModelSource ResolveArchitecture(string name) =>
        Architecture.TryCreate(name, out Architecture? architecture)
            ? new ModelSource(name, architecture)
            : throw Unknown("NAME", name, "an architecture");

    /// <summary>Reads or makes the model's graph.</summary>
    /// <param name="input">The height, width and channels of an image, if given.</param>
    /// <param name="classes">The number of classes, if given; only for architectures.</param>
    /// <param name="keepUnknown">Whether a file's unknown operators are kept, to be listed, rather than refused.</param>
    /// <returns>The graph.</returns>
    /// <exception cref="SepalException">The options do not fit, or the file cannot be read.</exception>
    public Graph Graph(int[]? input, int? classes, bool keepUnknown)
    {
        if (_architecture is not null)
        {
            return WithOptions(input, classes).BuildGraph();
        }

        RequireNoClasses(classes);
        using Model model = OnnxModel.Import(Text, new ImportOptions { KeepUnknown = keepUnknown });
        return model.Graph;
    }

    /// <summary>Reads or makes the model's graph with height and width open where the model allows it.</summary>
    /// <param name="input">An image whose channels are taken, if given.</param>
    /// <param name="classes">The number of classes, if given; only for architectures.</param>
    /// <returns>The graph; an architecture's sizes are called H and W.</returns>
    /// <exception cref="SepalException">The options do not fit, or the file cannot be read.</exception>
    public Graph OpenGraph(int[]? input, int? classes)
    {
        if (_architecture is null)
        {
            return Graph(input, classes, keepUnknown: true);
        }

        Architecture architecture = WithOptions(input, classes);
        return (architecture with { InputShape = [Dimension.Symbol("H"), Dimension.Symbol("W"), architecture.InputShape[2]] }).BuildGraph();
    }

    /// <summary>The architecture with what was asked for.</summary>
    /// <param name="input">The height, width and channels of an image, if given.</param>
    /// <param name="classes">The number of classes, if given.</param>
    /// <returns>The architecture.</returns>
    public Architecture WithOptions(int[]? input, int? classes)
    {
        Architecture architecture = _architecture ?? throw new InvalidOperationException($"'{Text}' is a file.");
        return architecture with
        {
            InputShape = input is null ? architecture.InputShape : [.. input.Select(extent => (Dimension)extent)],
            Classes = classes ?? architecture.Classes,
        };
    }

    private void RequireNoClasses(int? classes)
    {
        if (classes is { } count)
        {
            throw new UsageException($"--classes: received '{count}' for the file '{Text}', whose classes are fixed; leave it out.");
        }
    }

    private static UsageException Unknown(string argument, string text, string expected) => new(
        $"{argument}: received '{text}'; expected {expected}: {string.Join(", ", Architecture.Names)}.{Suggestion.For(text, Architecture.Names)}");
}
