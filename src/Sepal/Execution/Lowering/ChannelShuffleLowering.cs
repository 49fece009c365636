using Sepal.Graphs;
using Sepal.Kernels.Copying;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Transposes each pixel's channels as a small matrix; nothing where that moves none of them.</summary>
internal static class ChannelShuffleLowering
{
    public static void Lower(ForwardContext context, Node node)
    {
        TransposeKernel? kernel = Kernel(context, node, ((ChannelShuffle)node.Operator).Groups);
        if (kernel is null)
        {
            context.Alias(node.Output, node.Inputs[0]);
            return;
        }

        PlanBuffer input = context.Buffer(node.Inputs[0]);
        TransposeLowering.Add(
            context.Plan, node.Name, "forward", kernel, input, context.Allocate(node.Output), node.Output.Spec.ElementType.ByteSize());
    }

    /// <summary>The kernel that shuffles a node's channels, or null where their order stays as it is.</summary>
    public static TransposeKernel? Kernel(ForwardContext context, Node node, int groups)
    {
        int[] dimensions = context.Dimensions(node.Output);
        int last = dimensions.Length - 1;
        return TransposeKernel.Create(
            [.. dimensions[..last], groups, dimensions[last] / groups], [.. Enumerable.Range(0, last), last + 1, last]);
    }
}
