using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Which operator is written to ONNX by what: one line an operator.</summary>
internal static class ExporterRegistry
{
    private static readonly Dictionary<Type, Action<ExportContext, Node>> Exporters = new()
    {
        [typeof(BatchNormalization)] = BatchNormalizationExporter.Export,
        [typeof(Binary)] = BinaryExporter.Export,
        [typeof(Cast)] = CastExporter.Export,
        [typeof(Comparison)] = BinaryExporter.ExportComparison,
        [typeof(Concatenate)] = ConcatenateExporter.Export,
        [typeof(Convolution)] = ConvolutionExporter.Export,
        [typeof(Dense)] = DenseExporter.Export,
        [typeof(Dropout)] = DropoutExporter.Export,
        [typeof(Flatten)] = ReshapeExporter.ExportFlatten,
        [typeof(GlobalPooling)] = PoolingExporter.ExportGlobal,
        [typeof(Logical)] = BinaryExporter.ExportLogical,
        [typeof(MatMul)] = MatMulExporter.Export,
        [typeof(Pooling)] = PoolingExporter.Export,
        [typeof(Reduction)] = ReductionExporter.Export,
        [typeof(Rescaling)] = RescalingExporter.Export,
        [typeof(Reshape)] = ReshapeExporter.Export,
        [typeof(Softmax)] = SoftmaxExporter.Export,
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
