using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Training.Gradients;

/// <summary>The gradient of rescaling: the output's, times the scale.</summary>
internal static class RescalingGradient
{
    public static void Add(GradientContext context, Node node) =>
        RescalingLowering.Add(
            context.Plan,
            node.Name,
            "gradient",
            context.OutputGradient(node),
            context.InputGradient(node, 0),
            ((Rescaling)node.Operator).Scale,
            offset: 0);
}
