using Sepal.Graphs;
using Sepal.Kernels.Copying;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Copies the stretches of a tensor apart.</summary>
internal static class SplitLowering
{
    public static void Lower(ForwardContext context, Node node)
    {
        if (node.Outputs.Length == 1)
        {
            context.Alias(node.Output, node.Inputs[0]);
            return;
        }

        PlanBuffer input = context.Buffer(node.Inputs[0]);
        int elementBytes = node.Output.Spec.ElementType.ByteSize();
        (long rows, long[] lengths) = Rows(context, node);
        long total = lengths.Sum();
        long start = 0;
        for (int index = 0; index < lengths.Length; index++)
        {
            PlanBuffer output = context.Allocate(node.Outputs[index]);
            AddStretch(context, node, index, input, output, new Stretch(rows, start * elementBytes, lengths[index] * elementBytes, total * elementBytes));
            start += lengths[index];
        }
    }

    /// <summary>The tensor as rows: how many there are, and each output's elements in one.</summary>
    public static (long Rows, long[] Lengths) Rows(ForwardContext context, Node node)
    {
        int[] input = context.Dimensions(node.Inputs[0]);
        int axis = ((Split)node.Operator).Axis;
        axis = axis < 0 ? axis + input.Length : axis;
        long rows = input[..axis].Aggregate(1L, (product, dimension) => product * dimension);
        return (rows, [.. node.Outputs.Select(output => context.Length(output) / Math.Max(rows, 1))]);
    }

    private static unsafe void AddStretch(
        ForwardContext context, Node node, int index, PlanBuffer input, PlanBuffer output, Stretch stretch)
    {
        Partition partition = Partition.OfRows(stretch.Rows, stretch.Length / sizeof(float));
        context.Plan.Add(
            node.Name,
            $"forward to output {index}",
            partition.Parts,
            [input],
            [output],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                RowCopy.Run(
                    run.Pointer<byte>(input) + (from * stretch.Pitch) + stretch.Start,
                    stretch.Pitch,
                    run.Pointer<byte>(output) + (from * stretch.Length),
                    stretch.Length,
                    stretch.Length,
                    to - from);
            });
    }

    /// <summary>The same bytes of every row.</summary>
    private readonly record struct Stretch(long Rows, long Start, long Length, long Pitch);
}
