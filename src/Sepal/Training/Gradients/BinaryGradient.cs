using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Kernels.Broadcasting;
using Sepal.Operators;

namespace Sepal.Training.Gradients;

/// <summary>
/// The gradients of a sum or a product: the output's, times the other operand where it is a product, added up where the
/// operand was repeated.
/// </summary>
internal static class BinaryGradient
{
    public static void Add(GradientContext context, Node node)
    {
        for (int index = 0; index < 2; index++)
        {
            if (context.Needs(node.Inputs[index]))
            {
                Add(context, node, index);
            }
        }
    }

    private static void Add(GradientContext context, Node node, int index)
    {
        bool isProduct = ((Binary)node.Operator).Function == BinaryFunction.Multiply;
        bool isRepeated = context.Forward.Length(node.Inputs[index]) != context.Forward.Length(node.Output);
        if (isRepeated)
        {
            AddSums(context, node, index, isProduct ? node.Inputs[1 - index] : null);
        }
        else if (isProduct)
        {
            AddProduct(context, node, index);
        }
        else
        {
            context.Contribute(node.Inputs[index], context.OutputGradient(node));
        }
    }

    private static unsafe void AddProduct(GradientContext context, Node node, int index)
    {
        Value other = node.Inputs[1 - index];
        int[] whole = context.Forward.Dimensions(node.Output);
        BroadcastKernel kernel = BroadcastKernel.Of<Product>(
            BroadcastLayout.Create(whole, whole, context.Forward.Dimensions(other)));
        PlanBuffer factor = context.Forward.Buffer(other);
        PlanBuffer outputGradient = context.OutputGradient(node);
        PlanBuffer inputGradient = context.InputGradient(node, index);
        Partition partition = Partition.OfElements(inputGradient.FloatCount);
        context.Plan.Add(
            node.Name,
            $"gradient by input {index}",
            partition.Parts,
            [outputGradient, factor],
            [inputGradient],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Run(run.Floats(outputGradient), run.Floats(factor), run.Floats(inputGradient), from, to);
            });
    }

    private static unsafe void AddSums(GradientContext context, Node node, int index, Value? weights)
    {
        int[] whole = context.Forward.Dimensions(node.Output);
        BroadcastReduction kernel = BroadcastReduction.Create(BroadcastLayout.Create(
            whole,
            context.Forward.Dimensions(node.Inputs[index]),
            weights is null ? whole : context.Forward.Dimensions(weights)));
        PlanBuffer outputGradient = context.OutputGradient(node);
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
            factors is null ? [outputGradient] : [outputGradient, factors],
            [sums],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Run(
                    run.Floats(outputGradient),
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
