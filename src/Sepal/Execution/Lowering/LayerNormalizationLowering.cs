using Sepal.Graphs;
using Sepal.Kernels.Normalization;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Normalises rows: what lies behind one index of the axes before the normalised ones.</summary>
internal static class LayerNormalizationLowering
{
    public static unsafe void Lower(ForwardContext context, Node node)
    {
        (long rows, long length) = Rows(context, node);
        LayerNormalizationKernel kernel = Kernel(node, length);
        PlanBuffer[] inputs = [.. node.Inputs.Select(context.Buffer)];
        PlanBuffer output = context.Allocate(node.Outputs[0]);
        PlanBuffer means = context.Allocate(node.Outputs[1]);
        PlanBuffer inverses = context.Allocate(node.Outputs[2]);
        if (output.FloatCount == 0)
        {
            return;
        }

        Partition partition = Partition.OfRows(rows, length);
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            inputs,
            [output, means, inverses],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Forward(
                    run.Floats(inputs[0]) + (from * length),
                    run.Floats(inputs[1]),
                    inputs.Length > 2 ? run.Floats(inputs[2]) : null,
                    run.Floats(output) + (from * length),
                    run.Floats(means) + from,
                    run.Floats(inverses) + from,
                    to - from);
            });
    }

    /// <summary>A node's kernel for rows of a length.</summary>
    public static LayerNormalizationKernel Kernel(Node node, long length) =>
        LayerNormalizationKernel.Create(length, ((LayerNormalization)node.Operator).Epsilon);

    /// <summary>How many rows are normalised, and how long each is.</summary>
    public static (long Rows, long Length) Rows(ForwardContext context, Node node)
    {
        long length = context.Length(node.Inputs[1]);
        return (context.Length(node.Output) / Math.Max(length, 1), length);
    }
}
