using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Training.Gradients;

/// <summary>Which gradient belongs to an operator. Adding an operator adds one line.</summary>
internal static class GradientRegistry
{
    private static readonly Dictionary<Type, Action<GradientContext, Node>> Gradients = new()
    {
        [typeof(BatchNormalization)] = BatchNormalizationGradient.Add,
        [typeof(Binary)] = BinaryGradient.Add,
        [typeof(Cast)] = CastGradient.Add,
        [typeof(ChannelShuffle)] = ChannelShuffleGradient.Add,
        [typeof(Concatenate)] = ConcatenateGradient.Add,
        [typeof(Convolution)] = ConvolutionGradient.Add,
        [typeof(ConvolutionTranspose)] = ConvolutionTransposeGradient.Add,
        [typeof(Dense)] = DenseGradient.Add,
        [typeof(Dropout)] = DropoutGradient.Add,
        [typeof(Expand)] = AxisCopyGradient.AddExpand,
        [typeof(Flatten)] = ReshapeGradient.Add,
        [typeof(GlobalPooling)] = PoolingGradient.AddGlobal,
        [typeof(LayerNormalization)] = LayerNormalizationGradient.Add,
        [typeof(MatMul)] = MatMulGradient.Add,
        [typeof(Pad)] = AxisCopyGradient.AddPad,
        [typeof(Pooling)] = PoolingGradient.Add,
        [typeof(Reduction)] = ReductionGradient.Add,
        [typeof(Rescaling)] = RescalingGradient.Add,
        [typeof(Reshape)] = ReshapeGradient.Add,
        [typeof(Resize)] = AxisCopyGradient.AddResize,
        [typeof(Slice)] = AxisCopyGradient.AddSlice,
        [typeof(Softmax)] = SoftmaxGradient.Add,
        [typeof(Split)] = SplitGradient.Add,
        [typeof(Tile)] = AxisCopyGradient.AddExpand,
        [typeof(Transpose)] = TransposeGradient.Add,
        [typeof(Unary)] = UnaryGradient.Add,
        [typeof(ZeroPadding)] = ZeroPaddingGradient.Add,
    };

    /// <summary>Adds the steps of a node's gradient to the plan.</summary>
    /// <exception cref="SepalException">The operator has no gradient.</exception>
    public static void Add(GradientContext context, Node node)
    {
        if (!Gradients.TryGetValue(node.Operator.GetType(), out Action<GradientContext, Node>? add))
        {
            throw new SepalException(
                $"Node '{node.Name}': the operator {node.Operator.Name} has no gradient, so nothing before it can be trained. "
                + "Freeze the layers before it, or replace it.");
        }

        add(context, node);
    }
}
