using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Costs;

/// <summary>What of the forward pass each operator's gradient reads.</summary>
internal static class BackwardNeeds
{
    /// <summary>Whether a node's output is its input's memory under another shape.</summary>
    public static bool IsView(Node node, bool training) => node.Operator switch
    {
        Reshape or Flatten => true,
        Dropout dropout => !training || dropout.Rate == 0,
        Cast cast => node.Inputs[0].Spec.ElementType == cast.To,
        _ => false,
    };

    /// <summary>Whether the gradient by the first output is that by an input as it is.</summary>
    public static bool PassesGradient(Node node, GraphSizes sizes) =>
        IsView(node, training: true)
        || (node.Operator is Binary { Function: BinaryFunction.Add } && node.Inputs.All(input => sizes.Elements(input) == sizes.Elements(node.Output)));

    /// <summary>
    /// The values that the node's gradient reads: the input where weights are trained; both factors of a product, each for the
    /// other's gradient; the output or the input of an activation. Sums, averages and what only moves elements need none.
    /// </summary>
    public static IEnumerable<Value> Of(Node node, TrainedValues trained) => node.Operator switch
    {
        Convolution or ConvolutionTranspose or Dense => trained.Needs(node.Inputs[1]) ? [node.Inputs[0]] : [],
        MatMul => Others(node, trained),
        Binary { Function: BinaryFunction.Add or BinaryFunction.Subtract } => [],
        Binary { Function: BinaryFunction.Multiply } => Others(node, trained),
        Unary { Function: not UnaryFunction.Not } unary => UnaryLowering.Kernel(unary).GradientReadsOutput ? node.Outputs : [node.Inputs[0]],
        Softmax => node.Outputs,
        Binary or BatchNormalization or LayerNormalization or InstanceNormalization or LocalResponseNormalization => node.Inputs,
        Opaque => node.Inputs.Concat(node.Outputs),
        _ => [],
    };

    /// <summary>Bytes that the forward pass keeps beside its values: where each maximum of a window was.</summary>
    public static long ExtraBytes(Node node, GraphSizes sizes) => node.Operator switch
    {
        Pooling { Function: PoolingFunction.Maximum } or GlobalPooling { Function: PoolingFunction.Maximum } =>
            sizes.Elements(node.Output) * sizeof(float),
        _ => 0,
    };

    private static IEnumerable<Value> Others(Node node, TrainedValues trained) =>
        Enumerable.Range(0, 2).Where(index => trained.Needs(node.Inputs[1 - index])).Select(index => node.Inputs[index]);
}
