using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Copying;

namespace Sepal.Training.Gradients;

/// <summary>The gradients of concatenation: each input's stretch of the output's.</summary>
internal static class ConcatenateGradient
{
    public static void Add(GradientContext context, Node node)
    {
        PlanBuffer outputGradient = context.OutputGradient(node);
        if (node.Inputs.Length == 1)
        {
            context.Contribute(node.Inputs[0], outputGradient);
            return;
        }

        (long rows, long[] lengths) = ConcatenateLowering.Rows(context.Forward, node);
        long total = lengths.Sum();
        long start = 0;
        for (int index = 0; index < lengths.Length; index++)
        {
            if (context.Needs(node.Inputs[index]))
            {
                AddStretch(context, node, index, outputGradient, start, total, rows);
            }

            start += lengths[index];
        }
    }

    private static unsafe void AddStretch(
        GradientContext context, Node node, int index, PlanBuffer outputGradient, long start, long total, long rows)
    {
        PlanBuffer inputGradient = context.InputGradient(node, index);
        long length = inputGradient.FloatCount / Math.Max(rows, 1);
        Partition partition = Partition.OfRows(rows, length);
        context.Plan.Add(
            node.Name,
            $"gradient by input {index}",
            partition.Parts,
            [outputGradient],
            [inputGradient],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                RowCopy.Run(
                    run.Floats(outputGradient) + (from * total) + start,
                    total,
                    run.Floats(inputGradient) + (from * length),
                    length,
                    length,
                    to - from);
            });
    }
}
