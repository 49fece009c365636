using Sepal.Graphs;

namespace Sepal.Execution.Lowering;

/// <summary>Other dimensions for the same elements in the same order: nothing to run.</summary>
internal static class ReshapeLowering
{
    public static void Lower(ForwardContext context, Node node) => context.Alias(node.Output, node.Inputs[0]);
}
