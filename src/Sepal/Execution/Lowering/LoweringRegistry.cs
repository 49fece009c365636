using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Which lowering turns an operator into steps. Adding an operator adds one line.</summary>
internal static class LoweringRegistry
{
    private static readonly Dictionary<Type, Action<ForwardContext, Node>> Lowerings = new()
    {
        [typeof(AlternateChannels)] = AlternateChannelsLowering.Lower,
        [typeof(ArgExtremum)] = SelectionLowering.LowerArgExtremum,
        [typeof(BatchNormalization)] = BatchNormalizationLowering.Lower,
        [typeof(Binary)] = BinaryLowering.Lower,
        [typeof(Cast)] = CastLowering.Lower,
        [typeof(ChannelShuffle)] = ChannelShuffleLowering.Lower,
        [typeof(Comparison)] = BinaryLowering.LowerComparison,
        [typeof(Concatenate)] = ConcatenateLowering.Lower,
        [typeof(Convolution)] = ConvolutionLowering.Lower,
        [typeof(ConvolutionChain)] = ConvolutionChainLowering.Lower,
        [typeof(ConvolutionTranspose)] = ConvolutionTransposeLowering.Lower,
        [typeof(Dense)] = DenseLowering.Lower,
        [typeof(DequantizeLinear)] = QuantizationLowering.LowerDequantize,
        [typeof(DimensionVector)] = DimensionVectorLowering.Lower,
        [typeof(Dropout)] = DropoutLowering.Lower,
        [typeof(Expand)] = ExpandLowering.Lower,
        [typeof(Flatten)] = ReshapeLowering.Lower,
        [typeof(Gather)] = GatherLowering.Lower,
        [typeof(GatherElements)] = GatherLowering.LowerElements,
        [typeof(GlobalPooling)] = PoolingLowering.LowerGlobal,
        [typeof(InstanceNormalization)] = InstanceNormalizationLowering.Lower,
        [typeof(LayerNormalization)] = LayerNormalizationLowering.Lower,
        [typeof(LocalResponseNormalization)] = LocalResponseNormalizationLowering.Lower,
        [typeof(Logical)] = BinaryLowering.LowerLogical,
        [typeof(MatMul)] = MatMulLowering.Lower,
        [typeof(Pad)] = PadLowering.Lower,
        [typeof(Pooling)] = PoolingLowering.Lower,
        [typeof(QuantizeLinear)] = QuantizationLowering.LowerQuantize,
        [typeof(Reduction)] = ReductionLowering.Lower,
        [typeof(Rescaling)] = RescalingLowering.Lower,
        [typeof(Reshape)] = ReshapeLowering.Lower,
        [typeof(Resize)] = ResizeLowering.Lower,
        [typeof(Slice)] = SliceLowering.Lower,
        [typeof(Softmax)] = SoftmaxLowering.Lower,
        [typeof(Split)] = SplitLowering.Lower,
        [typeof(Tile)] = ExpandLowering.Lower,
        [typeof(TopK)] = SelectionLowering.LowerTopK,
        [typeof(Transpose)] = TransposeLowering.Lower,
        [typeof(Unary)] = UnaryLowering.Lower,
        [typeof(Where)] = WhereLowering.Lower,
        [typeof(ZeroPadding)] = ZeroPaddingLowering.Lower,
    };

    /// <summary>Adds a node's steps to the plan.</summary>
    /// <exception cref="SepalException">The operator has no lowering.</exception>
    public static void Lower(ForwardContext context, Node node)
    {
        if (!Lowerings.TryGetValue(node.Operator.GetType(), out Action<ForwardContext, Node>? lower))
        {
            throw new SepalException(
                $"Node '{node.Name}': the operator {node.Operator.Name} cannot be run yet. Replace it, or cut the graph before it.");
        }

        lower(context, node);
    }
}
