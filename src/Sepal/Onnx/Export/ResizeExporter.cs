using Sepal.Graphs;
using Sepal.Onnx.Protocol;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>Resize</c>: by scales where positions follow from given ones, and by sizes otherwise.</summary>
internal static class ResizeExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var resize = (Resize)node.Operator;
        Value data = node.Inputs[0];
        int[] order = AxisOrder.OfFile(data.Spec.Rank);
        bool byScales = !resize.Scales.IsEmpty && !Follow(resize, data.Shape);
        if (byScales)
        {
            RequireReached(node, resize, data.Shape);
        }

        // ONNX takes no name for an input that is not there.
        string region = resize.Coordinates == ResizeCoordinates.TensorFlowCropAndResize
            ? Floats(context, node, "region", [.. order.Concat(order.Select(axis => axis + order.Length)).Select(axis => resize.Region[axis])])
            : string.Empty;
        string scales = byScales ? Floats(context, node, "scales", [.. order.Select(axis => resize.Scales[axis])]) : string.Empty;
        string[] sizes = byScales ? [] : [context.Dimensions(node, "sizes", [.. order.Select(axis => resize.Sizes[axis])])];
        List<AttributeProto> attributes =
        [
            OnnxAttributes.String("mode", resize.Mode switch
            {
                ResizeMode.Nearest => "nearest",
                ResizeMode.Linear => "linear",
                _ => "cubic",
            }),
            OnnxAttributes.String("coordinate_transformation_mode", Coordinates(node, resize, byScales)),
        ];
        if (resize.Mode == ResizeMode.Nearest)
        {
            attributes.Add(OnnxAttributes.String("nearest_mode", Rounding(resize.Rounding)));
        }
        else if (resize.Mode == ResizeMode.Cubic)
        {
            attributes.Add(OnnxAttributes.Float("cubic_coeff_a", resize.CubicCoefficient));
        }

        if (resize.ExcludeOutside)
        {
            attributes.Add(OnnxAttributes.Int("exclude_outside", 1));
        }

        if (resize.Coordinates == ResizeCoordinates.TensorFlowCropAndResize)
        {
            attributes.Add(OnnxAttributes.Float("extrapolation_value", resize.ExtrapolationValue));
        }

        context.Add(node, "Resize", [context.Name(data), region, scales, .. sizes], [.. attributes]);
    }

    /// <summary>Whether the scales are the quotients of the lengths anyway.</summary>
    private static bool Follow(Resize resize, Shape shape) => Enumerable.Range(0, shape.Rank).All(axis =>
        shape[axis] == resize.Sizes[axis] ? resize.Scales[axis] == 1
        : shape[axis].IsKnown && resize.Sizes[axis].IsKnown && resize.Sizes[axis].Value == shape[axis].Value * (double)resize.Scales[axis]);

    /// <summary>Scales give lengths rounded down; others cannot be asked for together with scales in opset 17.</summary>
    private static void RequireReached(Node node, Resize resize, Shape shape)
    {
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis].IsKnown && resize.Sizes[axis] != (long)Math.Floor(shape[axis].Value * resize.Scales[axis]))
            {
                throw new OnnxException(
                    $"Node '{node.Name}' (Resize): from {shape} to {resize.Sizes} with the scales [{string.Join(", ", resize.Scales)}] has no form in ONNX's opset 17, "
                    + "where a scale gives the length rounded down. Resize to sizes without scales.");
            }
        }
    }

    private static string Floats(ExportContext context, Node node, string part, float[] numbers)
    {
        string name = context.Fresh($"{node.Name}/{part}");
        context.Proto.Initializer.Add(OnnxTensor.Write(name, TensorData.Of<float>([numbers.Length], ElementType.Float32, numbers)));
        return name;
    }

    private static string Coordinates(Node node, Resize resize, bool byScales) => resize.Coordinates switch
    {
        ResizeCoordinates.HalfPixel => "half_pixel",
        ResizeCoordinates.PytorchHalfPixel => "pytorch_half_pixel",

        // About the middle and not is the same where lengths are exactly what scales say.
        ResizeCoordinates.HalfPixelSymmetric when !byScales => "half_pixel",
        ResizeCoordinates.AlignCorners => "align_corners",
        ResizeCoordinates.Asymmetric => "asymmetric",
        ResizeCoordinates.TensorFlowHalfPixelForNearest => "tf_half_pixel_for_nn",
        ResizeCoordinates.TensorFlowCropAndResize => "tf_crop_and_resize",
        _ => throw new OnnxException(
            $"Node '{node.Name}' (Resize): coordinates {resize.Coordinates} with the scales [{string.Join(", ", resize.Scales)}] have no form in ONNX's opset 17. "
            + "Resize to sizes without scales."),
    };

    private static string Rounding(ResizeRounding rounding) => rounding switch
    {
        ResizeRounding.PreferFloor => "round_prefer_floor",
        ResizeRounding.PreferCeil => "round_prefer_ceil",
        ResizeRounding.Floor => "floor",
        _ => "ceil",
    };
}
