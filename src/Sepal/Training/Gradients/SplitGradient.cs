using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Copying;

namespace Sepal.Training.Gradients;

/// <summary>The gradient of splitting: the outputs' gradients next to each other, zeros for an output that nothing reads.</summary>
internal static class SplitGradient
{
    public static void Add(GradientContext context, Node node)
    {
        if (node.Outputs.Length == 1)
        {
            context.Contribute(node.Inputs[0], context.OutputGradient(node));
            return;
        }

        PlanBuffer inputGradient = context.InputGradient(node, 0);
        (long rows, long[] lengths) = SplitLowering.Rows(context.Forward, node);
        long start = 0;
        for (int index = 0; index < lengths.Length; index++)
        {
            PlanBuffer? outputGradient = context.HasGradient(node.Outputs[index]) ? context.OutputGradient(node, index) : null;
            AddStretch(context, node, index, outputGradient, inputGradient, rows, start, lengths[index], lengths.Sum());
            start += lengths[index];
        }
    }

    private static unsafe void AddStretch(
        GradientContext context,
        Node node,
        int index,
        PlanBuffer? outputGradient,
        PlanBuffer inputGradient,
        long rows,
        long start,
        long length,
        long total)
    {
        Partition partition = Partition.OfRows(rows, length);
        context.Plan.Add(
            node.Name,
            $"gradient from output {index}",
            partition.Parts,
            outputGradient is null ? [] : [outputGradient],
            [inputGradient],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                float* destination = run.Floats(inputGradient) + (from * total) + start;
                if (outputGradient is not null)
                {
                    RowCopy.Run(run.Floats(outputGradient) + (from * length), length, destination, total, length, to - from);
                    return;
                }

                for (long row = from; row < to; row++, destination += total)
                {
                    new Span<float>(destination, (int)length).Clear();
                }
            });
    }
}
