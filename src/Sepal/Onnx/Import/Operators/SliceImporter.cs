using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Slices between bounds: attributes before operator set 10, and inputs since.</summary>
internal static class SliceImporter
{
    public static void Import(NodeImport node)
    {
        ImmutableArray<Dimension> starts = Bounds(node, "starts", 1);
        ImmutableArray<Dimension> ends = Bounds(node, "ends", 2);
        long[] axes = (node.Opset < 10 ? node.Attributes.Ints("axes") : node.HasInput(3) ? node.Int64s(3) : null)
            ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        long[] steps = node.HasInput(4) ? node.Int64s(4) : [.. Enumerable.Repeat(1L, axes.Length)];
        int rank = node.Input(0).Rank;
        TensorLayout layout = node.NativeLayout(0);
        var slice = new Slice(
            starts, ends, [.. axes.Select(axis => layout.AxisOf(node.Axis(axis, rank), rank))], [.. steps.Select(Bounded)]);
        node.Output(0, node.Add(slice, [node.In(layout, 0)]), layout);
    }

    /// <summary>No axis is longer than this; further steps take one element, as this one does.</summary>
    private static long Bounded(long step) => Math.Clamp(step, -int.MaxValue, int.MaxValue);

    private static ImmutableArray<Dimension> Bounds(NodeImport node, string name, int input)
    {
        if (node.Opset >= 10)
        {
            return node.Dimensions(input);
        }

        long[] given = node.Attributes.Ints(name) ?? throw node.Error($"the attribute '{name}' is missing", "Export the model again.");
        return [.. given.Select(Dimension.FromInt64)];
    }
}
