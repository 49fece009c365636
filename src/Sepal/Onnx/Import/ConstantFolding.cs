using System.Collections.Immutable;
using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Inference;

namespace Sepal.Onnx.Import;

/// <summary>Runs a graph that has no input, so that what follows from constants is computed once, while importing.</summary>
internal static class ConstantFolding
{
    // A tenth of a second or so. What is more work stays in the graph.
    private const long MostWork = 1L << 30;

    /// <summary>Computes the outputs of a node.</summary>
    /// <param name="builder">A graph of the node alone, on constants.</param>
    /// <param name="forms">The forms of that graph's values.</param>
    /// <param name="copy">The node, imported into that graph.</param>
    /// <param name="target">Takes the results.</param>
    /// <param name="budget">What they may take.</param>
    /// <returns>False if it is too much work, or depends on open sizes.</returns>
    public static bool TryRun(GraphBuilder builder, ValueForms forms, NodeImport copy, NodeImport target, MemoryBudget budget)
    {
        ImportedValue[] outputs = [.. copy.Outputs.OfType<ImportedValue>()];
        if (outputs.Any(output => !output.Shape.IsKnown))
        {
            return false;
        }

        ImportedValue[] computed = [.. outputs.Where(output => !output.IsConstant)];
        var results = new Dictionary<ImportedValue, TensorData>();
        if (computed.Length > 0)
        {
            Graph graph = builder.Build([.. computed.Select(output => forms.Get(output, TensorLayout.Planar))]);
            ModelCost cost = ModelCost.Of(graph);
            if (cost.MultiplyAccumulates + cost.ElementOperations + cost.BytesRead + cost.BytesWritten > MostWork)
            {
                return false;
            }

            budget.Take(cost.BytesWritten);
            ImmutableArray<TensorData> data = SingleRun.Run(graph);
            for (int index = 0; index < computed.Length; index++)
            {
                results.Add(computed[index], data[index]);
            }
        }

        for (int index = 0; index < copy.Outputs.Count; index++)
        {
            if (copy.Outputs[index] is { } output)
            {
                target.OutputConstant(index, output.Data ?? results[output], output.DeclaredType);
            }
        }

        return true;
    }
}
