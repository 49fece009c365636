using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Copies every step-th element between two bounds.</summary>
internal static class SliceLowering
{
    public static void Lower(ForwardContext context, Node node) => AxisCopyLowering.Add(context, node, Positions(context, node));

    /// <summary>The input's positions for each axis of the output.</summary>
    /// <exception cref="SepalException">The sizes make a bound lie outside an axis that was open when the output's shape was told.</exception>
    public static int[]?[] Positions(ForwardContext context, Node node)
    {
        var slice = (Slice)node.Operator;
        int[] input = context.Dimensions(node.Inputs[0]);
        int[] output = context.Dimensions(node.Output);
        var positions = new int[]?[input.Length];
        for (int index = 0; index < slice.Axes.Length; index++)
        {
            int axis = slice.Axes[index] < 0 ? slice.Axes[index] + input.Length : slice.Axes[index];
            var range = new SliceRange(slice.Starts[index], slice.Ends[index], slice.Steps[index]);
            long length = range.Length(input[axis], context.Evaluate);
            if (length != output[axis])
            {
                throw new SepalException(
                    $"Node '{node.Name}' (Slice): with these sizes axis {axis} has {input[axis]} elements, of which "
                    + $"[{slice.Starts[index]}, {slice.Ends[index]}) takes {length}, but the model was made for {node.Output.Shape[axis]} = {output[axis]}. "
                    + "Use larger inputs, or fix their sizes when the model is loaded.");
            }

            long first = range.First(input[axis], context.Evaluate);
            positions[axis] = AxisCopyLowering.Positions(input[axis], output[axis], place => first + (place * range.Step));
        }

        return positions;
    }
}
