using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Onnx.Import.Operators;

/// <summary>The sizes that a file's <c>Resize</c> asks for, directly or by scales.</summary>
/// <param name="Sizes">The output's shape in the file's axis order.</param>
/// <param name="Scales">The scales for all axes, where positions follow from given ones; empty otherwise.</param>
/// <param name="Shrinks">Whether an axis gets shorter, as far as is known.</param>
internal sealed record ResizeSizes(Shape Sizes, ImmutableArray<float> Scales, bool Shrinks)
{
    /// <summary>Reads the inputs of operator set 11 and later: the third one, scales, or else the fourth, sizes.</summary>
    public static ResizeSizes Read(NodeImport node)
    {
        int[] axes = Axes(node);
        bool hasSizes = node.HasInput(3) && node.Input(3).Shape.ElementCount != 0;
        return hasSizes ? OfSizes(node, node.Dimensions(3), axes) : OfScales(node, node.Floats(2).ToArray(), axes);
    }

    /// <summary>The axes that are resized; all, unless the node names some.</summary>
    public static int[] Axes(NodeImport node)
    {
        int rank = node.Input(0).Rank;
        return node.Attributes.Ints("axes")?.Select(axis => node.Axis(axis, rank)).ToArray() ?? [.. Enumerable.Range(0, rank)];
    }

    /// <summary>Sizes that follow from scales.</summary>
    public static ResizeSizes OfScales(NodeImport node, float[] given, int[]? axes)
    {
        Shape shape = node.Input(0).Shape;
        axes ??= [.. Enumerable.Range(0, shape.Rank)];
        if (given.Length != axes.Length || given.Any(scale => !(scale > 0) || !float.IsFinite(scale)))
        {
            throw node.Error($"the scales are [{string.Join(", ", given)}]", $"Expected {axes.Length} positive numbers.");
        }

        float[] scales = [.. Enumerable.Repeat(1f, shape.Rank)];
        for (int index = 0; index < axes.Length; index++)
        {
            scales[axes[index]] = given[index];
        }

        Dimension[] sizes = [.. shape.Select((dimension, axis) => Scaled(node, dimension, scales[axis]))];
        return new ResizeSizes(new Shape(sizes), [.. scales], scales.Any(scale => scale < 1));
    }

    private static ResizeSizes OfSizes(NodeImport node, ImmutableArray<Dimension> given, int[] axes)
    {
        Shape shape = node.Input(0).Shape;
        if (given.Length != axes.Length)
        {
            throw node.Error($"the sizes are [{string.Join(", ", given)}]", $"Expected {axes.Length} numbers.");
        }

        string policy = node.Attributes.Text("keep_aspect_ratio_policy", "stretch");
        if (policy != "stretch")
        {
            return KeepingAspect(node, given, axes, policy);
        }

        Dimension[] sizes = [.. shape];
        for (int index = 0; index < axes.Length; index++)
        {
            sizes[axes[index]] = given[index];
        }

        bool shrinks = shape.Zip(sizes).Any(pair => pair.First != pair.Second && pair.Second - pair.First is not { IsKnown: true, Value: > 0 });
        return new ResizeSizes(new Shape(sizes), [], shrinks);
    }

    /// <summary>One scale for all axes: the largest with which none is larger, or the smallest with which none is smaller.</summary>
    private static ResizeSizes KeepingAspect(NodeImport node, ImmutableArray<Dimension> given, int[] axes, string policy)
    {
        Shape shape = node.Input(0).Shape;
        if (axes.Any(axis => !shape[axis].IsKnown) || given.Any(size => !size.IsKnown))
        {
            throw node.NeedsValue($"its keep_aspect_ratio_policy depends on the open sizes of {shape}");
        }

        IEnumerable<double> ratios = axes.Select((axis, index) => given[index].Value / (double)Math.Max(shape[axis].Value, 1));
        double scale = policy switch
        {
            "not_larger" => ratios.Min(),
            "not_smaller" => ratios.Max(),
            _ => throw node.Error(
                $"the attribute 'keep_aspect_ratio_policy' is '{policy}'", "Expected stretch, not_larger or not_smaller."),
        };
        Dimension[] sizes = [.. shape];
        float[] scales = [.. Enumerable.Repeat(1f, shape.Rank)];
        foreach (int axis in axes)
        {
            sizes[axis] = Whole(node, Math.Floor((shape[axis].Value * scale) + 0.5));
            scales[axis] = (float)scale;
        }

        return new ResizeSizes(new Shape(sizes), scale > 0 ? [.. scales] : [], scale < 1);
    }

    private static Dimension Scaled(NodeImport node, Dimension dimension, float scale)
    {
        if (dimension.IsKnown)
        {
            return Whole(node, Math.Floor(dimension.Value * scale));
        }

        // An open size times a scale is an expression only where the scale is a fraction of a power of two, as 2 and 0.5 are.
        float numerator = scale;
        long denominator = 1;
        for (; numerator != MathF.Floor(numerator) && denominator < 1 << 10; denominator *= 2)
        {
            numerator *= 2;
        }

        return numerator == MathF.Floor(numerator) && numerator < 1 << 24
            ? Dimension.FloorDivide(dimension * (long)numerator, denominator)
            : throw node.NeedsValue($"its size is {scale} times the open size {dimension}");
    }

    private static Dimension Whole(NodeImport node, double size) => size is >= 0 and <= int.MaxValue
        ? (long)size
        : throw node.Error($"a dimension becomes {size}", $"Expected at most {int.MaxValue}.");
}
