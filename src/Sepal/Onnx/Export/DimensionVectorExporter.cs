using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes integers that follow from sizes: <c>Shape</c> of values that have them, and arithmetic on it.</summary>
internal static class DimensionVectorExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var vector = (DimensionVector)node.Operator;
        string elements = context.Dimensions(node, "elements", vector.Elements);
        if (vector.TargetShape.Rank != 1)
        {
            string shape = context.Integers(node.Name, "shape", [.. vector.TargetShape.Select(dimension => dimension.Value)]);
            elements = context.AddPart(node, "reshaped", "Reshape", [elements, shape]);
        }

        if (vector.ElementType == ElementType.Int64)
        {
            context.AddChannelsLast(node, "Identity", [elements]);
        }
        else
        {
            context.AddChannelsLast(node, "Cast", [elements], OnnxAttributes.Int("to", (long)vector.ElementType.ToOnnx()));
        }
    }
}
