using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Resizing of operator sets 10 to 21, and <c>Upsample</c>, its predecessor.</summary>
internal static class ResizeImporter
{
    public static void Import(NodeImport node)
    {
        ResizeSizes sizes = node.Opset < 11 ? ResizeSizes.OfScales(node, node.Floats(1).ToArray(), axes: null) : ResizeSizes.Read(node);
        if (node.Attributes.Flag("antialias", false) && node.Attributes.Text("mode", "nearest") != "nearest" && sizes.Shrinks)
        {
            throw node.Error("it smooths while it shrinks (antialias)", "Export the model without antialias.");
        }

        ResizeCoordinates coordinates = node.Opset < 11 ? ResizeCoordinates.Asymmetric : Coordinates(node);
        Add(node, sizes, new Resize(Mode(node), sizes.Sizes)
        {
            Coordinates = coordinates,
            Rounding = node.Opset < 11 ? ResizeRounding.Floor : Rounding(node),
            CubicCoefficient = node.Attributes.Float("cubic_coeff_a", -0.75f),
            ExcludeOutside = node.Attributes.Flag("exclude_outside", false),
            ExtrapolationValue = node.Attributes.Float("extrapolation_value", 0),
            Region = coordinates == ResizeCoordinates.TensorFlowCropAndResize ? Region(node) : [],
        });
    }

    public static void ImportUpsample(NodeImport node)
    {
        float[] scales = node.HasInput(1) ? node.Floats(1).ToArray()
            : node.Attributes.Floats("scales") ?? throw node.Error("it has no scales", "Give a scale for each axis.");
        ResizeSizes sizes = ResizeSizes.OfScales(node, scales, axes: null);
        Add(node, sizes, new Resize(Mode(node), sizes.Sizes)
        {
            Coordinates = ResizeCoordinates.Asymmetric,
            Rounding = ResizeRounding.Floor,
        });
    }

    private static void Add(NodeImport node, ResizeSizes sizes, Resize resize)
    {
        int rank = node.Input(0).Rank;
        TensorLayout layout = node.NativeLayout(0);
        int[] order = layout == TensorLayout.ChannelsLast ? TensorLayouts.ToChannelsLast(rank) : [.. Enumerable.Range(0, rank)];
        resize = resize with
        {
            Sizes = TensorLayouts.Permute(sizes.Sizes, order),
            Scales = sizes.Scales.IsEmpty ? [] : [.. order.Select(axis => sizes.Scales[axis])],
            Region = resize.Region.IsEmpty ? [] : [.. order.Concat(order.Select(axis => axis + rank)).Select(axis => resize.Region[axis])],
        };
        Value value = node.In(layout, 0);
        ElementType stored = value.Spec.ElementType;
        bool asFloat = stored != ElementType.Float32
            && (resize.Mode != ResizeMode.Nearest || resize.Coordinates == ResizeCoordinates.TensorFlowCropAndResize);
        Value resized = node.Add(resize, [asFloat ? ElementTypeImport.ToFloat(node, value) : value], asFloat ? "resize" : null);
        node.Output(0, ElementTypeImport.Cast(node, resized, stored, "as_stored"), layout);
    }

    private static ResizeMode Mode(NodeImport node) => node.Attributes.Text("mode", "nearest") switch
    {
        "nearest" => ResizeMode.Nearest,
        "linear" or "bilinear" => ResizeMode.Linear,
        "cubic" => ResizeMode.Cubic,
        var other => throw node.Error($"the attribute 'mode' is '{other}'", "Expected nearest, linear or cubic."),
    };

    private static ResizeCoordinates Coordinates(NodeImport node) => node.Attributes.Text("coordinate_transformation_mode", "half_pixel") switch
    {
        "half_pixel" => ResizeCoordinates.HalfPixel,
        "pytorch_half_pixel" => ResizeCoordinates.PytorchHalfPixel,
        "half_pixel_symmetric" => ResizeCoordinates.HalfPixelSymmetric,
        "align_corners" => ResizeCoordinates.AlignCorners,
        "asymmetric" => ResizeCoordinates.Asymmetric,
        "tf_half_pixel_for_nn" => ResizeCoordinates.TensorFlowHalfPixelForNearest,
        "tf_crop_and_resize" => ResizeCoordinates.TensorFlowCropAndResize,
        var other => throw node.Error(
            $"the attribute 'coordinate_transformation_mode' is '{other}'", "Expected one of the modes of ONNX's Resize, such as half_pixel."),
    };

    private static ResizeRounding Rounding(NodeImport node) => node.Attributes.Text("nearest_mode", "round_prefer_floor") switch
    {
        "round_prefer_floor" or "" => ResizeRounding.PreferFloor,
        "round_prefer_ceil" => ResizeRounding.PreferCeil,
        "floor" => ResizeRounding.Floor,
        "ceil" => ResizeRounding.Ceil,
        var other => throw node.Error(
            $"the attribute 'nearest_mode' is '{other}'", "Expected round_prefer_floor, round_prefer_ceil, floor or ceil."),
    };

    /// <summary>Starts and ends for every axis; all of those that are not named.</summary>
    private static ImmutableArray<float> Region(NodeImport node)
    {
        int rank = node.Input(0).Rank;
        int[] axes = ResizeSizes.Axes(node);
        float[] given = node.Floats(1).ToArray();
        if (given.Length != 2 * axes.Length)
        {
            throw node.Error($"its region has {given.Length} numbers", $"Expected {2 * axes.Length}: starts, then ends.");
        }

        float[] region = [.. Enumerable.Repeat(0f, rank), .. Enumerable.Repeat(1f, rank)];
        for (int index = 0; index < axes.Length; index++)
        {
            region[axes[index]] = given[index];
            region[rank + axes[index]] = given[index + axes.Length];
        }

        return [.. region];
    }
}
