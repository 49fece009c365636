using Sepal.Graphs;

namespace Sepal.Execution.Lowering;

/// <summary>Other dimensions for the same elements in the same order: nothing to run.</summary>
internal static class ReshapeLowering
{
    public static void Lower(ForwardContext context, Node node)
    {
        Value input = node.Inputs[0];
        if (context.Length(input) != context.Length(node.Output))
        {
            throw new SepalException(
                $"Node '{node.Name}' (Reshape): {context.Length(input)} elements do not fit the shape "
                + $"[{string.Join(", ", context.Dimensions(node.Output))}], which {node.Output.Shape} is with these sizes of the open dimensions. "
                + "Use input sizes that the model was made for.");
        }

        context.Alias(node.Output, input);
    }
}
