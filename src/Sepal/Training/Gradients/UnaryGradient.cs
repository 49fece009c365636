using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Elementwise;
using Sepal.Operators;

namespace Sepal.Training.Gradients;

/// <summary>The gradient of a function of one number, from its input or its output.</summary>
internal static class UnaryGradient
{
    public static unsafe void Add(GradientContext context, Node node)
    {
        UnaryKernel kernel = UnaryLowering.Kernel((Unary)node.Operator);
        PlanBuffer kept = context.Forward.Buffer(kernel.GradientReadsOutput ? node.Output : node.Inputs[0]);
        PlanBuffer outputGradient = context.OutputGradient(node);
        PlanBuffer inputGradient = context.InputGradient(node, 0);
        Partition partition = Partition.OfElements(kept.FloatCount);
        context.Plan.Add(
            node.Name,
            "gradient",
            partition.Parts,
            [kept, outputGradient],
            [inputGradient],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Gradient(
                    run.Floats(kept) + from, run.Floats(outputGradient) + from, run.Floats(inputGradient) + from, to - from);
            });
    }
}
