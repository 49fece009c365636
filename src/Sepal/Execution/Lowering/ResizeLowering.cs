using Sepal.Graphs;
using Sepal.Kernels.Resampling;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Copies the nearest elements, or sums weighted ones up axis by axis.</summary>
internal static class ResizeLowering
{
    public static void Lower(ForwardContext context, Node node)
    {
        var resize = (Resize)node.Operator;
        bool hasFill = resize.Coordinates == ResizeCoordinates.TensorFlowCropAndResize && resize.ExtrapolationValue != 0;
        if (resize.Mode == ResizeMode.Nearest && !hasFill)
        {
            AxisCopyLowering.Add(context, node, Positions(context, node));
            return;
        }

        AxisWeights?[] weights = Weights(context, node);
        if (weights.All(axis => axis is null))
        {
            context.Alias(node.Output, node.Inputs[0]);
            return;
        }

        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer output = context.Allocate(node.Output);
        AxisProducts.Add(context.Plan, node.Name, "forward", input, context.Dimensions(node.Inputs[0]), weights, output);
        if (hasFill)
        {
            AddFill(context, node, weights, output, resize.ExtrapolationValue);
        }
    }

    /// <summary>The nearest positions for each axis.</summary>
    public static int[]?[] Positions(ForwardContext context, Node node) =>
        [.. Axes(context, node).Select(axis => axis.IsSame ? null : axis.Nearest())];

    /// <summary>The weights for each axis.</summary>
    public static AxisWeights?[] Weights(ForwardContext context, Node node)
    {
        int[] input = context.Dimensions(node.Inputs[0]);
        bool isNearest = ((Resize)node.Operator).Mode == ResizeMode.Nearest;
        return [.. Axes(context, node).Select((axis, index) =>
            axis.IsSame ? null : isNearest ? AxisWeights.OfCopy(input[index], axis.Nearest()) : axis.Weights())];
    }

    private static IEnumerable<ResizeAxis> Axes(ForwardContext context, Node node)
    {
        int[] output = context.Dimensions(node.Output);
        return context.Dimensions(node.Inputs[0])
            .Select((length, axis) => new ResizeAxis((Resize)node.Operator, axis, length, output[axis]));
    }

    /// <summary>What lies outside the region along any axis gets a value of its own.</summary>
    private static unsafe void AddFill(ForwardContext context, Node node, AxisWeights?[] weights, PlanBuffer output, float value)
    {
        int[] dimensions = context.Dimensions(node.Output);
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            if (weights[axis] is not { } terms)
            {
                continue;
            }

            long inner = dimensions[(axis + 1)..].Aggregate(1L, (product, dimension) => product * dimension);
            int length = dimensions[axis];
            bool[] isOutside = [.. Enumerable.Range(0, length).Select(index => terms.Starts[index] == terms.Starts[index + 1])];
            Partition partition = Partition.OfRows(output.FloatCount / Math.Max(inner, 1), inner);
            context.Plan.Add(
                node.Name,
                $"fill outside along axis {axis}",
                partition.Parts,
                [output],
                [output],
                (run, part, _) =>
                {
                    (long from, long to) = partition.Range(part);
                    for (long row = from; row < to; row++)
                    {
                        if (isOutside[row % length])
                        {
                            new Span<float>(run.Floats(output) + (row * inner), (int)inner).Fill(value);
                        }
                    }
                });
        }
    }
}
