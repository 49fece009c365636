using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Pooling over windows in one or two dimensions, and over all of space in any number.</summary>
internal static class PoolingImporter
{
    public static void Import(NodeImport node)
    {
        bool isMaximum = node.OperatorType == "MaxPool";
        Window2D window = WindowImport.Read(node, kernelShape: null);
        bool isColumnMajor = node.Attributes.Flag("storage_order", false);
        var pooling = new Pooling(isMaximum ? PoolingFunction.Maximum : PoolingFunction.Average, window.KernelSize)
        {
            Strides = window.Strides,
            DilationRate = window.DilationRate,
            Padding = window.Padding,
            CeilMode = node.Attributes.Flag("ceil_mode", false),
            CountIncludePad = !isMaximum && node.Attributes.Flag("count_include_pad", false),
            Indices = !isMaximum || !node.WantsOutput(1) ? PoolingIndices.None
                : isColumnMajor ? PoolingIndices.ColumnMajor
                : PoolingIndices.RowMajor,
        };
        Value image = WindowImport.Image(node);
        ElementType stored = image.Spec.ElementType;
        Node pooled = node.AddNode(
            pooling, [ElementTypeImport.ToFloat(node, image)], stored == ElementType.Float32 ? null : "pool");
        WindowImport.OutputImage(node, 0, ElementTypeImport.Cast(node, pooled.Output, stored, "as_stored"));
        if (pooled.Outputs.Length > 1)
        {
            WindowImport.OutputImage(node, 1, pooled.Outputs[1], ElementType.Int64);
        }
    }

    public static void ImportGlobal(NodeImport node)
    {
        if (node.Input(0).Rank < 3)
        {
            throw node.Error($"its input has the shape {node.Input(0).Shape}", "Expected batch, channels, and at least one spatial dimension.");
        }

        // All of space is one window, however many dimensions it has.
        Value value = node.ChannelsLast(0);
        Dimension pixels = value.Shape.Skip(1).SkipLast(1).Aggregate(Dimension.FromInt64(1), (product, next) => product * next);
        Value image = value.Shape.Rank == 4 ? value : node.Reshaped(value, [value.Shape[0], pixels, 1, value.Shape[^1]], "as_image");
        PoolingFunction function = node.OperatorType == "GlobalMaxPool" ? PoolingFunction.Maximum : PoolingFunction.Average;
        Value pooled = node.Add(new GlobalPooling(function) { KeepDimensions = true }, [image]);
        Shape shape = [value.Shape[0], .. Enumerable.Repeat((Dimension)1, value.Shape.Rank - 2), value.Shape[^1]];
        node.Output(0, node.Reshaped(pooled, shape, "as_input"), TensorLayout.ChannelsLast);
    }
}
