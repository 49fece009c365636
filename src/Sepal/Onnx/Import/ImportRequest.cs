using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Onnx.Import;

/// <summary>What a graph is imported for.</summary>
internal sealed record ImportRequest
{
    /// <summary>
    /// The layout of the graph's own inputs and outputs: channels-last for a <see cref="Model"/>, whose data sets hold NHWC
    /// images, and planar for a session, which takes what the file says.
    /// </summary>
    public required TensorLayout Border { get; init; }

    /// <summary>
    /// The number of examples that the file's inputs have in front, where it is to become open; null where the file's shapes hold.
    /// </summary>
    public long? OpenedBatch { get; init; }

    /// <summary>Which values are wanted, by their names in the file; the file's outputs where not given.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>Shapes of the inputs, where they are known already.</summary>
    public IReadOnlyDictionary<string, Shape> InputShapes { get; init; } = ImmutableDictionary<string, Shape>.Empty;

    /// <summary>Elements of inputs on which shapes depend; such an input has no further influence on the graph.</summary>
    public IReadOnlyDictionary<string, TensorData> InputValues { get; init; } = ImmutableDictionary<string, TensorData>.Empty;
}
