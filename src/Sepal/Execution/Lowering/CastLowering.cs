using Sepal.Graphs;
using Sepal.Kernels.Elementwise;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Converts elements to another type; nothing where the type stays.</summary>
internal static class CastLowering
{
    public static unsafe void Lower(ForwardContext context, Node node)
    {
        ElementType from = node.Inputs[0].Spec.ElementType;
        ElementType to = ((Cast)node.Operator).To;
        if (from == to)
        {
            context.Alias(node.Output, node.Inputs[0]);
            return;
        }

        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer output = context.Allocate(node.Output);
        Partition partition = Partition.OfElements(context.Length(node.Output));
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            [input],
            [output],
            (run, part, _) =>
            {
                (long first, long end) = partition.Range(part);
                CastKernel.Run(
                    run.Pointer<byte>(input) + (first * from.ByteSize()),
                    from,
                    run.Pointer<byte>(output) + (first * to.ByteSize()),
                    to,
                    end - first);
            });
    }
}
