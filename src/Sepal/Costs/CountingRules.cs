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
    public static (Dimension MultiplyAccumulates, Dimension ElementOperations) Apply(
        CostOptions options, ElementOperationKind kind, Dimension products, Dimension elements)
    {
        ElementCounting counting = kind switch
        {
            ElementOperationKind.Bias => options.Bias,
            ElementOperationKind.BatchNormalization => options.BatchNormalization,
            ElementOperationKind.Activation => options.Activation,
            _ => ElementCounting.ElementOperations,
        };
        return counting switch
        {
            ElementCounting.LeftOut => (products, 0),
            ElementCounting.MultiplyAccumulates =>
                (products + (kind == ElementOperationKind.BatchNormalization ? Dimension.FloorDivide(elements, 2) : elements), 0),
            _ => (products, elements),
        };
    }
}
