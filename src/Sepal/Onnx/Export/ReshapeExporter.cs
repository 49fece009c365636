using Sepal.Graphs;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Export;

/// <summary>
/// Writes <c>Reshape</c> and <c>Flatten</c>. The order of the elements is Sepal's, channels last: an image is transposed
/// before and after, unless it has one channel or one pixel, so that both orders are the same.
/// </summary>
internal static class ReshapeExporter
{
    public static void ExportFlatten(ExportContext context, Node node) =>
        context.Add(node, "Flatten", [InOrder(context, node.Inputs[0])], OnnxAttributes.Int("axis", 1));

    public static void Export(ExportContext context, Node node)
    {
        Shape target = node.Output.Shape;
        string data = InOrder(context, node.Inputs[0]);
        if (target.Rank != 4)
        {
            context.Add(node, "Reshape", [data, context.Integers(node.Name, "shape", Dimensions(node, target))], AllowZero(target));
        }
        else if (IsSameInBothOrders(target))
        {
            Shape planar = [target[0], target[3], target[1], target[2]];
            context.Add(node, "Reshape", [data, context.Integers(node.Name, "shape", Dimensions(node, planar))], AllowZero(target));
        }
        else
        {
            string shape = context.Integers(node.Name, "shape", Dimensions(node, target));
            string reshaped = context.AddPart(node, "reshaped", "Reshape", [data, shape], AllowZero(target));
            context.Add(node, "Transpose", [reshaped], OnnxAttributes.Ints("perm", 0, 3, 1, 2));
        }
    }

    private static string InOrder(ExportContext context, Value value) =>
        value.Spec.Rank == 4 && IsSameInBothOrders(value.Shape) ? context.Name(value) : context.ChannelsLast(value);

    private static bool IsSameInBothOrders(Shape image) => image[3] == 1 || (image[1] == 1 && image[2] == 1);

    /// <summary>The shape as ONNX takes it: 0 keeps an open batch, −1 is computed.</summary>
    private static long[] Dimensions(Node node, Shape target)
    {
        long[] dimensions = [.. target.Select(dimension => dimension.IsKnown ? dimension.Value : -1)];
        if (target.Rank > 0 && !target[0].IsKnown && node.Inputs[0].Spec.Rank > 0 && node.Inputs[0].Shape[0] == target[0])
        {
            dimensions[0] = 0;
        }

        return dimensions.Count(dimension => dimension == -1) <= 1
            ? dimensions
            : throw new OnnxException(
                $"Node '{node.Name}' (Reshape): the shape {target} has more than one open dimension beside the batch, which cannot be written to ONNX. "
                + "Give the model's input a fixed height and width.");
    }

    /// <summary>Where the target has no elements, a 0 is meant as such.</summary>
    private static AttributeProto[] AllowZero(Shape target) =>
        target.Any(dimension => dimension == 0) ? [OnnxAttributes.Int("allowzero", 1)] : [];
}
