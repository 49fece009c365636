using Sepal.Graphs;

namespace Sepal.Execution.Lowering;

/// <summary>Repeats a tensor along its axes, one element or all of them over and over.</summary>
internal static class ExpandLowering
{
    public static void Lower(ForwardContext context, Node node) => AxisCopyLowering.Add(context, node, Positions(context, node));

    /// <summary>The input's positions for each axis of the output.</summary>
    public static int[]?[] Positions(ForwardContext context, Node node)
    {
        int[] input = AxisCopyLowering.Aligned(context, node);
        int[] output = context.Dimensions(node.Output);
        return [.. input.Zip(output, (extent, repeated) =>
            AxisCopyLowering.Positions(extent, repeated, place => place % Math.Max(extent, 1)))];
    }
}
