using Sepal.Graphs;
using Sepal.Kernels.Normalization;

namespace Sepal.Execution.Lowering;

/// <summary>Runs softmax over the rows that the last axis makes.</summary>
internal static class SoftmaxLowering
{
    public static unsafe void Lower(ForwardContext context, Node node)
    {
        int length = context.Dimensions(node.Output)[^1];
        SoftmaxKernel kernel = SoftmaxKernel.Create(length);
        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer output = context.Allocate(node.Output);
        Partition partition = Partition.OfRows(output.FloatCount / length, length);
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            [input],
            [output],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Forward(run.Floats(input) + (from * length), run.Floats(output) + (from * length), to - from);
            });
    }
}
