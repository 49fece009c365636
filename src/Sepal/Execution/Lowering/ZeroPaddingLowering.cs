using Sepal.Graphs;
using Sepal.Kernels.Copying;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Copies images into the middle of zeros.</summary>
internal static class ZeroPaddingLowering
{
    public static unsafe void Lower(ForwardContext context, Node node)
    {
        (BorderCopy copy, int batch) = Border(context, node);
        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer output = context.Allocate(node.Output);
        Partition partition = Partition.OfRows(batch * copy.OuterRows, copy.OuterLength);
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            [input],
            [output],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                copy.Pad(run.Floats(input), run.Floats(output), from, to);
            });
    }

    /// <summary>The image and the padded one, and how many of them there are.</summary>
    public static (BorderCopy Copy, int Batch) Border(ForwardContext context, Node node)
    {
        Padding2D padding = ((ZeroPadding)node.Operator).Padding;
        int[] inner = context.Dimensions(node.Inputs[0]);
        int[] outer = context.Dimensions(node.Output);
        long channels = inner[3];
        var copy = new BorderCopy(
            inner[1], inner[2] * channels, outer[1], outer[2] * channels, padding.Top, padding.Left * channels);
        return (copy, inner[0]);
    }
}
