using Sepal.Graphs;
using Sepal.Onnx.Protocol;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes pooling over windows and over whole images; padding never counts in a mean.</summary>
internal static class PoolingExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var pooling = (Pooling)node.Operator;
        AttributeProto[] attributes = WindowAttributes.Of(node, pooling.Window, node.Inputs[0]);
        if (pooling.Function == PoolingFunction.Average)
        {
            context.Add(node, "AveragePool", [context.Name(node.Inputs[0])], [.. attributes, OnnxAttributes.Int("count_include_pad", 0)]);
        }
        else
        {
            context.Add(node, "MaxPool", [context.Name(node.Inputs[0])], attributes);
        }
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
}
