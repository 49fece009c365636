using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Onnx.Import;

/// <summary>A graph made of a file, and what the file says of its border.</summary>
/// <param name="Graph">The graph; its inputs are those of the file, in its order and by its names.</param>
/// <param name="Inputs">The inputs as the file has them: shapes in the file's axis order and types as declared.</param>
/// <param name="Outputs">The outputs, likewise; <c>Graph.Outputs</c> has the same order.</param>
internal sealed record ImportedGraph(Graph Graph, ImmutableArray<ImportedValue> Inputs, ImmutableArray<ImportedValue> Outputs);
