using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;

namespace Sepal.Training.Gradients;

/// <summary>The gradient of dropout: the same mask as in the forward pass, computed again.</summary>
internal static class DropoutGradient
{
    public static void Add(GradientContext context, Node node)
    {
        PlanBuffer outputGradient = context.OutputGradient(node);
        if (DropoutLowering.IsIdentity(context.Forward, node))
        {
            context.Contribute(node.Inputs[0], outputGradient);
            return;
        }

        DropoutLowering.AddMask(context.Forward, node, "gradient", outputGradient, context.InputGradient(node, 0));
    }
}
