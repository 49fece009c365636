using Sepal.Graphs;

namespace Sepal.Execution;

/// <summary>Checks that a graph takes as many examples at once as it is to be given.</summary>
internal static class OpenBatch
{
    /// <param name="graph">The graph.</param>
    /// <param name="examples">How many examples are to be run at once; null for any number.</param>
    /// <exception cref="SepalException">The graph takes another number, and only that.</exception>
    public static void Require(Graph graph, long? examples = null)
    {
        Value input = graph.Inputs[0];
        if (input.Shape.Rank > 0 && input.Shape[0].IsKnown && input.Shape[0] != (examples ?? -1))
        {
            throw new SepalException(
                $"The model's input '{input.Name}' has the shape {input.Shape}, whose first extent is the batch: it takes {input.Shape[0]} example(s) at "
                + $"once and no other number{(examples is null ? string.Empty : $", but {examples} are to be run")}. "
                + "Export the model with an open batch (PyTorch: dynamic_axes), or build it with one.");
        }
    }
}
