using System.Collections.Immutable;
using Sepal.Architectures;
using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Onnx;

namespace Sepal.Peers;

/// <summary>A model to measure, in a file that both engines read.</summary>
internal sealed class PeerModel
{
    private readonly string _path;
    private readonly Shape _input;
    private readonly Graph _graph;

    private PeerModel(string name, string path, Shape input, Graph graph)
    {
        Name = name;
        _path = path;
        _input = input;
        _graph = graph;
    }

    /// <summary>The separable networks of the design's table, over which the geometric mean is taken.</summary>
    public static ImmutableHashSet<string> Separable { get; } =
    [
        "mobilenet-v1", "mobilenet-v1-0.25", "mobilenet-v2", "mobilenet-v3-large", "mobilenet-v3-small", "efficientnet-b0",
        "mnasnet-1.0", "shufflenet-v2-1.0",
    ];

    public string Name { get; }

    public string FilePath => _path;

    /// <summary>Whether a name means something, before anything is measured.</summary>
    /// <exception cref="SepalException">It is neither an architecture nor a file.</exception>
    public static void Require(string name)
    {
        if (!File.Exists(name))
        {
            _ = Architecture.Create(name);
        }
    }

    /// <summary>Opens a file, or writes an architecture to one.</summary>
    /// <param name="name">A file, or an architecture's name.</param>
    /// <param name="directory">Where architectures' files go.</param>
    /// <exception cref="SepalException">It cannot be read, or takes other than one input of 32-bit floats.</exception>
    public static PeerModel Open(string name, string directory)
    {
        if (File.Exists(name))
        {
            return Open(name);
        }

        string path = Path.Combine(directory, $"{name}.onnx");
        using Model model = Architecture.Create(name).Build();
        model.ExportOnnx(path);
        return Open(path);
    }

    /// <summary>The input's extents for a batch.</summary>
    /// <param name="batch">Images; an open first dimension.</param>
    /// <param name="open">What other open dimensions are: the height and the width.</param>
    /// <returns>The shape; null where the file has another batch.</returns>
    public ImmutableArray<long>? ShapeFor(int batch, int open) => _input[0].IsKnown && _input[0].Value != batch
        ? null
        : [.. _input.Select((dimension, axis) => dimension.IsKnown ? dimension.Value : axis == 0 ? batch : open)];

    /// <summary>Multiply-adds of a run, by the cost rules.</summary>
    public long CountMacs(ImmutableArray<long> shape) =>
        ModelCost.Of(_graph, (int)shape[0], OpenDimensions.Of(_input, shape.AsSpan())).MultiplyAccumulates;

    private static PeerModel Open(string path)
    {
        using var session = new InferenceSession(path);
        if (session.Inputs is not [{ ElementType: ElementType.Float32, IsRankKnown: true, Shape.Rank: > 0 } input])
        {
            throw new SepalException(
                $"{path}: a model with one input of Float32 is needed, but this has {string.Join(", ", session.Inputs)}.");
        }

        using Model model = OnnxModel.Import(path);
        return new PeerModel(Path.GetFileNameWithoutExtension(path), path, input.Shape, model.Graph);
    }
}
