using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Kernels.Broadcasting;

namespace Sepal.Training.Gradients;

/// <summary>Adds gradients up over the axes along which an operand was repeated.</summary>
internal static class BroadcastGradient
{
    /// <summary>Adds steps that add a gradient of the output's size up to that by an input.</summary>
    /// <param name="context">The plan.</param>
    /// <param name="node">The node.</param>
    /// <param name="index">Which input was repeated.</param>
    /// <param name="gradient">The gradient, as large as the node's output.</param>
    /// <param name="weights">What to multiply the gradient by, repeated as the output's shape has it; or null.</param>
    public static void AddSums(
        GradientContext context, Node node, int index, PlanBuffer gradient, Value? weights) =>
        AddSums(
            context,
            node,
            index,
            gradient,
            context.Forward.Dimensions(node.Output),
            context.Forward.Dimensions(node.Inputs[index]),
            weights);

    /// <summary>Adds steps that add a gradient up to that by an input.</summary>
    /// <param name="context">The plan.</param>
    /// <param name="node">The node.</param>
    /// <param name="index">Which input was repeated.</param>
    /// <param name="gradient">The gradient.</param>
    /// <param name="whole">The gradient's dimensions.</param>
    /// <param name="operand">The input's dimensions, 1 where it was repeated.</param>
    /// <param name="weights">What to multiply the gradient by, repeated to its dimensions; or null.</param>
    public static unsafe void AddSums(
        GradientContext context,
        Node node,
        int index,
        PlanBuffer gradient,
        int[] whole,
        int[] operand,
        Value? weights = null)
    {
        BroadcastReduction kernel = BroadcastReduction.Create(BroadcastLayout.Create(
            whole, operand, weights is null ? whole : context.Forward.Dimensions(weights)));
        PlanBuffer? factors = weights is null ? null : context.Forward.Buffer(weights);
        PlanBuffer inputGradient = context.InputGradient(node, index);
        Partition partition = Partition.OfRows(kernel.OutermostExtent, kernel.OutermostLength);
        bool isSharded = kernel.SumsOutermost && partition.Parts > 1;
        long length = inputGradient.FloatCount;
        PlanBuffer sums = isSharded
            ? context.Plan.Allocate($"{node.Name}/partial gradients by input {index}", length * partition.Parts)
            : inputGradient;
        context.Plan.Add(
            node.Name,
            $"gradient by input {index}",
            partition.Parts,
            factors is null ? [gradient] : [gradient, factors],
            [sums],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Run(
                    run.Floats(gradient),
                    factors is null ? null : run.Floats(factors),
                    run.Floats(sums) + (isSharded ? part * length : 0),
                    length,
                    from,
                    to);
            });
        if (isSharded)
        {
            ShardReduction.Add(context.Plan, node.Name, sums, partition.Parts, inputGradient);
        }
    }
}
