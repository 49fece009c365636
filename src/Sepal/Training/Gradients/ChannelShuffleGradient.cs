using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Copying;
using Sepal.Operators;

namespace Sepal.Training.Gradients;

/// <summary>The gradient of shuffled channels: the output's, with the channels put back.</summary>
internal static class ChannelShuffleGradient
{
    public static void Add(GradientContext context, Node node)
    {
        PlanBuffer outputGradient = context.OutputGradient(node);
        int channels = checked((int)node.Output.Spec.Channels.Value);
        TransposeKernel? kernel = ChannelShuffleLowering.Kernel(
            context.Forward, node, channels / ((ChannelShuffle)node.Operator).Groups);
        if (kernel is null)
        {
            context.Contribute(node.Inputs[0], outputGradient);
            return;
        }

        PlanBuffer inputGradient = context.InputGradient(node, 0);
        TransposeLowering.Add(context.Plan, node.Name, "gradient", kernel, outputGradient, inputGradient, sizeof(float));
    }
}
