using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Kernels.Rows;

namespace Sepal.Execution.Lowering;

/// <summary>Runs several convolutions together in strips of rows.</summary>
internal static class ConvolutionStripsStep
{
    public static unsafe void Add(
        ForwardContext context, Node node, PlanBuffer input, ImmutableArray<StageBuffers> stages, PlanBuffer output, PlanBuffer? sums)
    {
        var strips = new RowStrips([.. stages.Select(stage => stage.Rows)]);
        ConvolutionRows first = stages[0].Rows;
        ConvolutionRows last = stages[^1].Rows;
        RowSums? pooling = sums is null ? null : new RowSums(last.Geometry);
        int partsOfImage = strips.Parts(context.Threads);
        context.Plan.Add(
            node.Name,
            "forward",
            first.Geometry.Batch * partsOfImage,
            [input, .. stages.SelectMany(stage => stage.Reads)],
            sums is null ? [output] : [output, sums],
            (run, part, worker) =>
            {
                (int image, int share) = Math.DivRem(part, partsOfImage);
                RowOperands* operands = stackalloc RowOperands[stages.Length];
                for (int stage = 0; stage < stages.Length; stage++)
                {
                    operands[stage] = stages[stage].Operands(run, image);
                }

                operands[0].Source = run.Floats(input) + ((long)image * first.Geometry.InputImageLength);
                float* target = run.Floats(output) + ((long)image * last.Geometry.OutputImageLength);
                operands[stages.Length - 1].Target = target;
                (int from, int to) = strips.Share(share, partsOfImage);
                strips.Run(operands, run.Scratch(worker), from, to);
                pooling?.Run(target, run.Floats(sums!), image, from, to);
            },
            strips.ScratchLength);
    }
}
