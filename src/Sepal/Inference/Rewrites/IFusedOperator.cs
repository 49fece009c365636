using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>An operator that stands for several nodes of the graph that a rewrite was given.</summary>
internal interface IFusedOperator
{
    /// <summary>The nodes, in their order.</summary>
    ImmutableArray<Node> Nodes { get; }
}

/// <summary>Counts what fused operators do.</summary>
internal static class FusedCost
{
    /// <summary>The work of all nodes, but only the bytes that still go through memory.</summary>
    public static OperatorCost Of(ImmutableArray<Node> nodes, OperatorCall call, ImmutableArray<TensorSpec> outputs)
    {
        Dimension products = 0;
        Dimension elements = 0;
        foreach (Node node in nodes)
        {
            OperatorCost cost = node.Operator.Cost(
                new OperatorCall(node.Name, node.Operator, [.. node.Inputs.Select(input => input.Spec)]),
                [.. node.Outputs.Select(output => output.Spec)]);
            products += cost.MultiplyAccumulates;
            elements += cost.ElementOperations;
        }

        return new OperatorCost(products, elements, Bytes(call.Inputs), Bytes(outputs));
    }

    private static Dimension Bytes(ImmutableArray<TensorSpec> specs) =>
        specs.Aggregate(Dimension.FromInt64(0), (sum, spec) => sum + spec.ByteCount);
}
