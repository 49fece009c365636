using Sepal.Graphs;
using Sepal.Kernels.Normalization;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Runs local response normalisation pixel by pixel.</summary>
internal static class LocalResponseNormalizationLowering
{
    public static unsafe void Lower(ForwardContext context, Node node)
    {
        var normalization = (LocalResponseNormalization)node.Operator;
        int channels = context.Dimensions(node.Output)[^1];
        LocalResponseKernel kernel = LocalResponseKernel.Create(
            channels, normalization.Size, normalization.Alpha, normalization.Beta, normalization.Bias);
        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer output = context.Allocate(node.Output);
        if (output.FloatCount == 0)
        {
            return;
        }

        Partition partition = Partition.OfRows(output.FloatCount / channels, channels * Math.Min(normalization.Size, 2L * channels));
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            [input],
            [output],
            (run, part, worker) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Run(
                    run.Floats(input) + (from * channels), run.Floats(output) + (from * channels), to - from, run.Scratch(worker));
            },
            kernel.ScratchLength);
    }
}
