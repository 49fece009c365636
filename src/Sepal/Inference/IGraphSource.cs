using System.Collections.Immutable;
using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Onnx;

namespace Sepal.Inference;

/// <summary>A graph to compile for one combination of input shapes.</summary>
/// <param name="Graph">Its inputs and outputs are those that were asked for, in that order.</param>
/// <param name="Parameters">The numbers of its parameters and constants.</param>
/// <param name="OwnsParameters">Whether they were made for this graph alone, and go when its plan goes.</param>
internal sealed record SourceGraph(Graph Graph, ParameterStore Parameters, bool OwnsParameters);

/// <summary>
/// Where a session gets its graphs from: one graph with open dimensions for everything, or one made anew for the shapes, and
/// the elements, that decide about others. Safe to call from many threads.
/// </summary>
internal interface IGraphSource : IDisposable
{
    /// <summary>What callers give; shapes may be open.</summary>
    ImmutableArray<TensorInfo> Inputs { get; }

    /// <summary>What callers get unless they ask for something else.</summary>
    ImmutableArray<TensorInfo> Outputs { get; }

    /// <summary>What a file says beyond its graph.</summary>
    /// <exception cref="SepalException">It says nothing that can be understood.</exception>
    ModelMetadata Metadata { get; }

    /// <summary>How much must be known of inputs, as far as has been found out.</summary>
    Specialization Specialization { get; }

    /// <summary>Asks for more to be known of inputs, since a level was not enough for some.</summary>
    /// <param name="insufficient">The level that was not enough.</param>
    /// <returns>Whether there is a higher one.</returns>
    bool Widen(Specialization insufficient);

    /// <summary>The graph for concrete inputs.</summary>
    /// <param name="shapes">The shape of each input, numbers only; they fit <see cref="Inputs"/>.</param>
    /// <param name="elements">The elements of the inputs that <see cref="Specialization"/> names; null where they are not known.</param>
    /// <param name="outputs">Names of values, inner ones too; those of <see cref="Outputs"/> where not given.</param>
    /// <exception cref="Onnx.Import.NeedsValueException">More must be known of the inputs.</exception>
    /// <exception cref="SepalException">There is no such value, or the graph cannot be made for these inputs.</exception>
    SourceGraph GraphFor(ImmutableArray<Shape> shapes, ImmutableArray<TensorData?> elements, ImmutableArray<string>? outputs);
}
