using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Normalization;
using Sepal.Kernels.Reductions;
using Sepal.Operators;

namespace Sepal.Training.Gradients;

/// <summary>
/// The gradient of softmax, <c>y·(dy − Σ y·dy)</c>, and of its logarithm, <c>dy − e^y·Σ dy</c>, row by row.
/// </summary>
internal static class SoftmaxGradient
{
    public static unsafe void Add(GradientContext context, Node node)
    {
        AxisLayout layout = SoftmaxLowering.Layout(context.Forward, node);
        if (layout.Inner != 1)
        {
            throw new SepalException(
                $"Node '{node.Name}': the operator {node.Operator.Name} has a gradient over the last axis only, so nothing before it "
                + "can be trained. Transpose the axis to the end, or freeze the layers before it.");
        }

        bool logarithmic = ((Softmax)node.Operator).Logarithmic;
        int length = (int)layout.Length;
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
                float* forward = run.Floats(output) + start;
                float* above = run.Floats(outputGradient) + start;
                float* below = run.Floats(inputGradient) + start;
                if (logarithmic)
                {
                    kernel.GradientOfLogarithm(forward, above, below, to - from);
                }
                else
                {
                    kernel.Gradient(forward, above, below, to - from);
                }
            });
    }
}
