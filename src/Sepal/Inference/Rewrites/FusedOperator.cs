using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>An operator that stands for several nodes of the graph that a rewrite was given. It never leaves a session.</summary>
/// <param name="Nodes">The nodes of the original graph that it computes, in their order.</param>
internal abstract record FusedOperator(ImmutableArray<Node> Nodes) : Operator
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call) =>
        throw new NotSupportedException($"{Name} is made by a rewrite, of nodes whose shapes are known.");

    /// <summary>Counts the work of all nodes, but only the bytes that still go through memory.</summary>
    /// <inheritdoc/>
    public sealed override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs)
    {
        Dimension products = 0;
        Dimension elements = 0;
        foreach (Node node in Nodes)
        {
            OperatorCost cost = node.Operator.Cost(
                new OperatorCall(node.Name, node.Operator, [.. node.Inputs.Select(input => input.Spec)]),
                [.. node.Outputs.Select(output => output.Spec)]);
            products += cost.MultiplyAccumulates;
            elements += cost.ElementOperations;
        }

        return CostOf(call, outputs, products, elements);
    }
}
