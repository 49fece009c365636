using Sepal.Graphs;
using Sepal.Onnx.Protocol;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes pooling over windows and over whole images; padding counts in a mean only where it is to.</summary>
internal static class PoolingExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var pooling = (Pooling)node.Operator;
        List<AttributeProto> attributes = [.. WindowAttributes.Of(node, pooling.Window, node.Inputs[0])];
        if (pooling.CeilMode && pooling.Padding.Mode != PaddingMode.Same)
        {
            attributes.Add(OnnxAttributes.Int("ceil_mode", 1));
        }

        if (pooling.Function == PoolingFunction.Average)
        {
            RequireNoDilation(node, pooling);
            attributes.Add(OnnxAttributes.Int("count_include_pad", pooling.CountIncludePad ? 1 : 0));
            context.Add(node, "AveragePool", [context.Name(node.Inputs[0])], [.. attributes]);
            return;
        }

        if (pooling.Indices == PoolingIndices.ColumnMajor)
        {
            attributes.Add(OnnxAttributes.Int("storage_order", 1));
        }

        context.Add(node, "MaxPool", [context.Name(node.Inputs[0])], [.. attributes]);
    }

    public static void ExportGlobal(ExportContext context, Node node)
    {
        var pooling = (GlobalPooling)node.Operator;
        string type = pooling.Function == PoolingFunction.Average ? "GlobalAveragePool" : "GlobalMaxPool";
        if (pooling.KeepDimensions)
        {
            context.Add(node, type, [context.Name(node.Inputs[0])]);
            return;
        }

        string pooled = context.AddPart(node, "pooled", type, [context.Name(node.Inputs[0])]);
        context.Add(node, "Flatten", [pooled], OnnxAttributes.Int("axis", 1));
    }

    private static void RequireNoDilation(Node node, Pooling pooling)
    {
        if (pooling.DilationRate != 1)
        {
            throw new OnnxException(
                $"Node '{node.Name}' (AveragePooling): a mean over a window of dilation {pooling.DilationRate} has no form in ONNX's opset 17. "
                + "Use a depthwise convolution with equal weights.");
        }
    }
}
