using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Broadcasting;
using Sepal.Operators;

namespace Sepal.Training.Gradients;

/// <summary>The gradients of a sum and of a mean: the output's, repeated, and for a mean divided by the number of summands.</summary>
internal static class ReductionGradient
{
    public static unsafe void Add(GradientContext context, Node node)
    {
        ReductionFunction function = ((Reduction)node.Operator).Function;
        if (function is not (ReductionFunction.Sum or ReductionFunction.Mean))
        {
            throw new SepalException(
                $"Node '{node.Name}': the operator {node.Operator.Name} has no gradient, so nothing before it can be trained. "
                + "Freeze the layers before it, or reduce by Sum or Mean.");
        }

        bool[] reduced = ReductionLowering.Mask(node);
        int[] whole = context.Forward.Dimensions(node.Inputs[0]);
        int[] kept = [.. whole.Select((extent, axis) => reduced[axis] ? 1 : extent)];
        var layout = BroadcastLayout.Create(whole, kept, [1]);
        BroadcastKernel kernel = BroadcastKernel.Of<Product>(layout);
        PlanBuffer outputGradient = context.OutputGradient(node);
        PlanBuffer inputGradient = context.InputGradient(node, 0);
        float factor = function == ReductionFunction.Sum ? 1 : (float)outputGradient.FloatCount / layout.Length;
        Partition partition = Partition.OfElements(layout.Length);
        context.Plan.Add(
            node.Name,
            "gradient",
            partition.Parts,
            [outputGradient],
            [inputGradient],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                float share = factor;
                kernel.Run(run.Floats(outputGradient), &share, run.Floats(inputGradient), from, to);
            });
    }
}
