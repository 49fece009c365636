using Sepal.Graphs;
using Sepal.Kernels.Rows;

namespace Sepal.Execution.Lowering;

/// <summary>Runs one fused convolution: a part is some rows of an image, or some of the output channels where rows are few.</summary>
internal static class SingleConvolutionStep
{
    public static unsafe void Add(
        ForwardContext context, Node node, PlanBuffer input, StageBuffers stage, PlanBuffer output, PlanBuffer? sums)
    {
        ConvolutionRows rows = stage.Rows;
        RowParts parts = RowParts.Divide(rows, divideBlocks: sums is null || rows is DepthwiseStage, context.Threads);
        RowSums? pooling = sums is null ? null : new RowSums(rows.Geometry);
        context.Plan.Add(
            node.Name,
            "forward",
            parts.Count,
            [input, .. stage.Reads],
            sums is null ? [output] : [output, sums],
            (run, part, worker) =>
            {
                RowParts.Part share = parts[part];
                RowOperands operands = stage.Operands(run, share.Image);
                operands.Source = run.Floats(input) + ((long)share.Image * rows.Geometry.InputImageLength);
                operands.Target = run.Floats(output) + ((long)share.Image * rows.Geometry.OutputImageLength);
                operands.Scratch = run.Scratch(worker);
                operands.From = share.FirstRow;
                operands.To = share.EndRow;
                operands.FirstBlock = share.FirstBlock;
                operands.EndBlock = share.EndBlock;
                rows.Run(operands);
                pooling?.Run(
                    operands.Target,
                    run.Floats(sums!),
                    share.Image,
                    share.FirstRow,
                    share.EndRow,
                    (rows as DepthwiseStage)?.Channels(share.FirstBlock, share.EndBlock));
            },
            rows.ScratchLength);
    }
}
