using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Normalization;

namespace Sepal.Training.Gradients;

/// <summary>The gradients of layer normalisation: by the data row by row, by scale and offset summed over rows in shards.</summary>
internal static class LayerNormalizationGradient
{
    public static void Add(GradientContext context, Node node)
    {
        if (node.Outputs.Skip(1).Any(context.HasGradient))
        {
            throw new SepalException(
                $"Node '{node.Name}': the loss depends on the statistics that {node.Operator.Name} gives beside its result, which have "
                + "no gradient. Freeze the layers before it, or compute them by reductions.");
        }

        if (context.Needs(node.Inputs[0]))
        {
            AddInput(context, node);
        }

        if (node.Inputs.Skip(1).Any(context.Needs))
        {
            AddParameters(context, node);
        }
    }

    private static unsafe void AddInput(GradientContext context, Node node)
    {
        (long rows, long length) = LayerNormalizationLowering.Rows(context.Forward, node);
        LayerNormalizationKernel kernel = LayerNormalizationLowering.Kernel(node, length);
        PlanBuffer input = context.Forward.Buffer(node.Inputs[0]);
        PlanBuffer scale = context.Forward.Buffer(node.Inputs[1]);
        PlanBuffer means = context.Forward.Buffer(node.Outputs[1]);
        PlanBuffer inverses = context.Forward.Buffer(node.Outputs[2]);
        PlanBuffer outputGradient = context.OutputGradient(node);
        PlanBuffer inputGradient = context.InputGradient(node, 0);
        Partition partition = Partition.OfRows(rows, length);
        context.Plan.Add(
            node.Name,
            "gradient by input",
            partition.Parts,
            [input, scale, means, inverses, outputGradient],
            [inputGradient],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.InputGradient(
                    run.Floats(input) + (from * length),
                    run.Floats(scale),
                    run.Floats(means) + from,
                    run.Floats(inverses) + from,
                    run.Floats(outputGradient) + (from * length),
                    run.Floats(inputGradient) + (from * length),
                    to - from);
            });
    }

    private static unsafe void AddParameters(GradientContext context, Node node)
    {
        (long rows, long length) = LayerNormalizationLowering.Rows(context.Forward, node);
        LayerNormalizationKernel kernel = LayerNormalizationLowering.Kernel(node, length);
        PlanBuffer input = context.Forward.Buffer(node.Inputs[0]);
        PlanBuffer means = context.Forward.Buffer(node.Outputs[1]);
        PlanBuffer inverses = context.Forward.Buffer(node.Outputs[2]);
        PlanBuffer outputGradient = context.OutputGradient(node);
        Partition shards = Partition.OfRows(rows, length);
        PlanBuffer partials = context.Plan.Allocate($"{node.Name}/partial sums", shards.Parts * 2 * length);
        context.Plan.Add(
            node.Name,
            "partial sums for gradients",
            shards.Parts,
            [input, means, inverses, outputGradient],
            [partials],
            (run, part, _) =>
            {
                (long from, long to) = shards.Range(part);
                kernel.ParameterGradients(
                    run.Floats(input) + (from * length),
                    run.Floats(means) + from,
                    run.Floats(inverses) + from,
                    run.Floats(outputGradient) + (from * length),
                    run.Floats(partials) + (part * 2 * length),
                    to - from);
            });
        PlanBuffer sums = partials;
        if (shards.Parts > 1)
        {
            sums = context.Plan.Allocate($"{node.Name}/sums", 2 * length);
            ShardReduction.Add(context.Plan, node.Name, partials, shards.Parts, sums);
        }

        for (int index = 1; index < node.Inputs.Length; index++)
        {
            if (context.Needs(node.Inputs[index]))
            {
                AddCopy(context, node, index, sums, (index - 1) * length, length);
            }
        }
    }

    private static unsafe void AddCopy(GradientContext context, Node node, int index, PlanBuffer sums, long start, long length)
    {
        PlanBuffer gradient = context.InputGradient(node, index);
        context.Plan.Add(
            node.Name,
            $"gradient by input {index}",
            1,
            [sums],
            [gradient],
            (run, _, _) => Buffer.MemoryCopy(
                run.Floats(sums) + start, run.Floats(gradient), length * sizeof(float), length * sizeof(float)));
    }
}
