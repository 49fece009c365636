using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Kernels.Normalization;

namespace Sepal.Training.Gradients;

/// <summary>The gradient of softmax: <c>y·(dy − Σ y·dy)</c>, row by row.</summary>
internal static class SoftmaxGradient
{
    public static unsafe void Add(GradientContext context, Node node)
    {
        int length = context.Forward.Dimensions(node.Output)[^1];
        SoftmaxKernel kernel = SoftmaxKernel.Create(length);
        PlanBuffer output = context.Forward.Buffer(node.Output);
        PlanBuffer outputGradient = context.OutputGradient(node);
        PlanBuffer inputGradient = context.InputGradient(node, 0);
        Partition partition = Partition.OfRows(output.FloatCount / length, length);
        context.Plan.Add(
            node.Name,
            "gradient",
            partition.Parts,
            [output, outputGradient],
            [inputGradient],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                long start = from * length;
                kernel.Gradient(
                    run.Floats(output) + start, run.Floats(outputGradient) + start, run.Floats(inputGradient) + start, to - from);
            });
    }
}
