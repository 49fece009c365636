using Sepal.Graphs;
using Sepal.Kernels.Copying;

namespace Sepal.Execution.Lowering;

/// <summary>Steps for operators that copy elements from positions that are known axis by axis.</summary>
internal static class AxisCopyLowering
{
    /// <summary>Adds the step; none where every element stays in its place.</summary>
    /// <param name="context">The plan.</param>
    /// <param name="node">The node; its input 0 is copied to its output.</param>
    /// <param name="positions">For each axis of the output the input's position, as <see cref="AxisCopy"/> takes them.</param>
    /// <param name="fill">One element for positions outside, or null for zero.</param>
    public static unsafe void Add(ForwardContext context, Node node, int[]?[] positions, PlanBuffer? fill = null)
    {
        AxisCopy? copy = AxisCopy.Create(Aligned(context, node), positions);
        if (copy is null)
        {
            context.Alias(node.Output, node.Inputs[0]);
            return;
        }

        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer output = context.Allocate(node.Output);
        int elementBytes = node.Output.Spec.ElementType.ByteSize();
        Partition partition = Partition.OfRows(copy.Rows, copy.RowLength);
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            fill is null ? [input] : [input, fill],
            [output],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                copy.Run(
                    run.Pointer<byte>(input),
                    run.Pointer<byte>(output),
                    fill is null ? null : run.Pointer<byte>(fill),
                    elementBytes,
                    from,
                    to);
            });
    }

    /// <summary>The input's dimensions, with ones in front where the output has more.</summary>
    public static int[] Aligned(ForwardContext context, Node node)
    {
        int[] input = context.Dimensions(node.Inputs[0]);
        return [.. Enumerable.Repeat(1, node.Output.Spec.Rank - input.Length), .. input];
    }

    /// <summary>Positions along one axis; null where they are the source's own.</summary>
    public static int[]? Positions(int sourceLength, int length, Func<long, long> position)
    {
        var positions = new int[length];
        bool isSame = length == sourceLength;
        for (int index = 0; index < length; index++)
        {
            positions[index] = (int)position(index);
            isSame &= positions[index] == index;
        }

        return isSame ? null : positions;
    }
}
