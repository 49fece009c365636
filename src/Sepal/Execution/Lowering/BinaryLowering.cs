using Sepal.Graphs;
using Sepal.Kernels.Broadcasting;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Runs a function of two numbers over two tensors, repeating the smaller one.</summary>
internal static class BinaryLowering
{
    public static unsafe void Lower(ForwardContext context, Node node)
    {
        var layout = BroadcastLayout.Create(
            context.Dimensions(node.Output), context.Dimensions(node.Inputs[0]), context.Dimensions(node.Inputs[1]));
        BroadcastKernel kernel = ((Binary)node.Operator).Function == BinaryFunction.Add
            ? BroadcastKernel.Of<Sum>(layout)
            : BroadcastKernel.Of<Product>(layout);
        PlanBuffer left = context.Buffer(node.Inputs[0]);
        PlanBuffer right = context.Buffer(node.Inputs[1]);
        PlanBuffer output = context.Allocate(node.Output);
        Partition partition = Partition.OfElements(output.FloatCount);
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            [left, right],
            [output],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Run(run.Floats(left), run.Floats(right), run.Floats(output), from, to);
            });
    }
}
