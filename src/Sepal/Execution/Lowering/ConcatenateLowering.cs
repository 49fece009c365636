using Sepal.Graphs;
using Sepal.Kernels.Copying;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Copies tensors next to each other.</summary>
internal static class ConcatenateLowering
{
    public static unsafe void Lower(ForwardContext context, Node node)
    {
        if (node.Inputs.Length == 1)
        {
            context.Alias(node.Output, node.Inputs[0]);
            return;
        }

        PlanBuffer[] inputs = [.. node.Inputs.Select(context.Buffer)];
        (long rows, long[] lengths) = Rows(context, node);
        int elementBytes = node.Output.Spec.ElementType.ByteSize();
        long[] bytes = [.. lengths.Select(length => length * elementBytes)];
        long total = bytes.Sum();
        PlanBuffer output = context.Allocate(node.Output);
        Partition partition = Partition.OfRows(rows, lengths.Sum());
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            inputs,
            [output],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                byte* destination = run.Pointer<byte>(output) + (from * total);
                for (int index = 0; index < inputs.Length; index++)
                {
                    long length = bytes[index];
                    RowCopy.Run(run.Pointer<byte>(inputs[index]) + (from * length), length, destination, total, length, to - from);
                    destination += length;
                }
            });
    }

    /// <summary>The tensors as rows: how many there are, and each input's elements in one.</summary>
    public static (long Rows, long[] Lengths) Rows(ForwardContext context, Node node)
    {
        int[] output = context.Dimensions(node.Output);
        int axis = ((Concatenate)node.Operator).Axis;
        axis = axis < 0 ? axis + output.Length : axis;
        long rows = output[..axis].Aggregate(1L, (product, dimension) => product * dimension);
        return (rows, [.. node.Inputs.Select(input => context.Length(input) / Math.Max(rows, 1))]);
    }
}
