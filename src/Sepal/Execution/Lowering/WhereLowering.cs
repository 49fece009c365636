using Sepal.Graphs;
using Sepal.Kernels.Broadcasting;

namespace Sepal.Execution.Lowering;

/// <summary>Takes each element from one of two tensors.</summary>
internal static class WhereLowering
{
    public static unsafe void Lower(ForwardContext context, Node node)
    {
        int[][] inputs = [.. node.Inputs.Select(context.Dimensions)];
        var layout = BroadcastLayout.Create(context.Dimensions(node.Output), inputs[0], inputs[1], inputs[2]);
        SelectionKernel kernel = SelectionKernel.Create(node.Output.Spec.ElementType.ByteSize(), layout);
        PlanBuffer[] buffers = [.. node.Inputs.Select(context.Buffer)];
        PlanBuffer output = context.Allocate(node.Output);
        if (layout.Length == 0)
        {
            return;
        }

        Partition partition = Partition.OfElements(layout.Length);
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            buffers,
            [output],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Run(
                    run.Pointer<byte>(buffers[0]),
                    run.Pointer<byte>(buffers[1]),
                    run.Pointer<byte>(buffers[2]),
                    run.Pointer<byte>(output),
                    from,
                    to);
            });
    }
}
