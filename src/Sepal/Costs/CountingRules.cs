using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Costs;

/// <summary>What counts as what.</summary>
internal static class CountingRules
{
    /// <summary>The category of a node.</summary>
    public static NodeCategory CategoryOf(Node node) => node.Operator switch
    {
        Convolution convolution => convolution.KindFor(node.Inputs[0].Spec.Channels.Value) switch
        {
            ConvolutionKind.Depthwise => NodeCategory.Depthwise,
            ConvolutionKind.Pointwise => NodeCategory.Pointwise,
            _ => NodeCategory.Standard,
        },
        ConvolutionTranspose => NodeCategory.Standard,
        Dense or MatMul => NodeCategory.Dense,
        _ => NodeCategory.Rest,
    };

    /// <summary>MACs and element operations of a node by the options' rules.</summary>
    public static (long MultiplyAccumulates, ElementOperationCounts ElementOperations) Apply(
        CostOptions options, ElementOperationKind kind, OperatorCost cost)
    {
        long elements = cost.ElementOperations.Value;
        ElementCounting counting = kind switch
        {
            ElementOperationKind.Bias => options.Bias,
            ElementOperationKind.BatchNormalization => options.BatchNormalization,
            ElementOperationKind.Activation => options.Activation,
            _ => ElementCounting.ElementOperations,
        };
        return counting switch
        {
            ElementCounting.LeftOut => (cost.MultiplyAccumulates.Value, ElementOperationCounts.None),
            ElementCounting.MultiplyAccumulates => (
                checked(cost.MultiplyAccumulates.Value + (kind == ElementOperationKind.BatchNormalization ? elements / 2 : elements)),
                ElementOperationCounts.None),
            _ => (cost.MultiplyAccumulates.Value, ElementOperationCounts.Of(kind, elements)),
        };
    }
}
