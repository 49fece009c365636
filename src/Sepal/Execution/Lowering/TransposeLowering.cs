using Sepal.Graphs;
using Sepal.Kernels.Copying;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Moves elements so that the axes lie in another order; nothing where that is the order in memory already.</summary>
internal static class TransposeLowering
{
    public static void Lower(ForwardContext context, Node node)
    {
        int[] dimensions = context.Dimensions(node.Inputs[0]);
        TransposeKernel? kernel = TransposeKernel.Create(dimensions, ((Transpose)node.Operator).Permutation.AsSpan());
        if (kernel is null)
        {
            context.Alias(node.Output, node.Inputs[0]);
            return;
        }

        PlanBuffer input = context.Buffer(node.Inputs[0]);
        Add(context.Plan, node.Name, "forward", kernel, input, context.Allocate(node.Output), node.Output.Spec.ElementType.ByteSize());
    }

    /// <summary>A step that transposes.</summary>
    public static unsafe void Add(
        PlanBuilder plan, string nodeName, string action, TransposeKernel kernel, PlanBuffer source, PlanBuffer destination, int elementBytes)
    {
        Partition partition = Partition.OfRows(kernel.Matrices * kernel.Rows, kernel.Columns);
        plan.Add(
            nodeName,
            action,
            partition.Parts,
            [source],
            [destination],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Run(run.Pointer<byte>(source), run.Pointer<byte>(destination), elementBytes, from, to);
            });
    }
}
