using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>
/// Tensors without elements, which files may hold and slices may leave: a node that gives only such has nothing to run, and
/// operators that look through a window, or add up products, refuse to read them.
/// </summary>
internal static class EmptyTensors
{
    /// <summary>Lowers a node that gives nothing but empty tensors.</summary>
    /// <returns>False if it gives elements, and so needs its own lowering.</returns>
    /// <exception cref="SepalException">It gives elements, and reads a tensor without any where it cannot.</exception>
    public static bool TryLower(ForwardContext context, Node node)
    {
        bool isEmpty = true;
        foreach (Value output in node.Outputs)
        {
            isEmpty &= context.Length(output) == 0;
        }

        if (!isEmpty)
        {
            RequireElements(context, node);
            return false;
        }

        foreach (Value output in node.Outputs)
        {
            context.Allocate(output);
        }

        return true;
    }

    private static void RequireElements(ForwardContext context, Node node)
    {
        bool needsElements = node.Operator
            is Convolution or ConvolutionTranspose or Dense or MatMul or Pooling or GlobalPooling or Resize;
        if (needsElements && node.Inputs.FirstOrDefault(input => context.Length(input) == 0) is { } empty)
        {
            throw new SepalException(
                $"Node '{node.Name}' ({node.Operator.Name}): its input '{empty.Name}' has the shape {empty.Shape}, and no element in this run. "
                + "Give the model a larger input.");
        }
    }
}
