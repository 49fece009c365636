using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Which operator is written to ONNX by what: one line an operator.</summary>
internal static class ExporterRegistry
{
    private static readonly Dictionary<Type, Action<ExportContext, Node>> Exporters = new()
    {
        [typeof(ArgExtremum)] = ArgExtremumExporter.Export,
        [typeof(BatchNormalization)] = BatchNormalizationExporter.Export,
        [typeof(Binary)] = BinaryExporter.Export,
        [typeof(Cast)] = CastExporter.Export,
        [typeof(ChannelShuffle)] = ChannelShuffleExporter.Export,
        [typeof(Comparison)] = BinaryExporter.ExportComparison,
        [typeof(Concatenate)] = ConcatenateExporter.Export,
        [typeof(Convolution)] = ConvolutionExporter.Export,
        [typeof(ConvolutionTranspose)] = ConvolutionTransposeExporter.Export,
        [typeof(Dense)] = DenseExporter.Export,
        [typeof(DequantizeLinear)] = QuantizationExporter.ExportDequantize,
        [typeof(DimensionVector)] = DimensionVectorExporter.Export,
        [typeof(Dropout)] = DropoutExporter.Export,
        [typeof(Expand)] = ExpandExporter.Export,
        [typeof(Flatten)] = ReshapeExporter.ExportFlatten,
        [typeof(Gather)] = GatherExporter.Export,
        [typeof(GatherElements)] = GatherExporter.ExportElements,
        [typeof(GlobalPooling)] = PoolingExporter.ExportGlobal,
        [typeof(InstanceNormalization)] = NormalizationExporter.ExportInstance,
        [typeof(LayerNormalization)] = NormalizationExporter.ExportLayer,
        [typeof(LocalResponseNormalization)] = NormalizationExporter.ExportLocalResponse,
        [typeof(Logical)] = BinaryExporter.ExportLogical,
        [typeof(MatMul)] = MatMulExporter.Export,
        [typeof(Pad)] = PadExporter.Export,
        [typeof(Pooling)] = PoolingExporter.Export,
        [typeof(QuantizeLinear)] = QuantizationExporter.ExportQuantize,
        [typeof(Reduction)] = ReductionExporter.Export,
        [typeof(Rescaling)] = RescalingExporter.Export,
        [typeof(Reshape)] = ReshapeExporter.Export,
        [typeof(Resize)] = ResizeExporter.Export,
        [typeof(Slice)] = SliceExporter.Export,
        [typeof(Softmax)] = SoftmaxExporter.Export,
        [typeof(Split)] = ConcatenateExporter.ExportSplit,
        [typeof(Tile)] = ExpandExporter.ExportTile,
        [typeof(TopK)] = TopKExporter.Export,
        [typeof(Transpose)] = TransposeExporter.Export,
        [typeof(Unary)] = UnaryExporter.Export,
        [typeof(Where)] = BinaryExporter.ExportWhere,
        [typeof(ZeroPadding)] = ZeroPaddingExporter.Export,
    };

    /// <summary>Whether an operator can be written.</summary>
    public static bool Knows(Type type) => Exporters.ContainsKey(type);

    /// <summary>Adds a node's ONNX nodes to the file.</summary>
    public static void Export(ExportContext context, Node node) => Exporters[node.Operator.GetType()](context, node);
}
