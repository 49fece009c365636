using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Copying;

namespace Sepal.Training.Gradients;

/// <summary>The gradient of zero padding: the middle of the output's.</summary>
internal static class ZeroPaddingGradient
{
    public static unsafe void Add(GradientContext context, Node node)
    {
        (BorderCopy copy, int batch) = ZeroPaddingLowering.Border(context.Forward, node);
        PlanBuffer outputGradient = context.OutputGradient(node);
        PlanBuffer inputGradient = context.InputGradient(node, 0);
        Partition partition = Partition.OfRows(batch * copy.InnerRows, copy.InnerLength);
        context.Plan.Add(
            node.Name,
            "gradient",
            partition.Parts,
            [outputGradient],
            [inputGradient],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                copy.Crop(run.Floats(outputGradient), run.Floats(inputGradient), from, to);
            });
    }
}
