using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Resampling;

namespace Sepal.Training.Gradients;

/// <summary>
/// The gradients of operators that copy elements from positions that are known axis by axis: every input sums up what was made
/// of it.
/// </summary>
internal static class AxisCopyGradient
{
    public static void AddSlice(GradientContext context, Node node) => Add(context, node, SliceLowering.Positions(context.Forward, node));

    public static void AddExpand(GradientContext context, Node node) => Add(context, node, ExpandLowering.Positions(context.Forward, node));

    public static void AddPad(GradientContext context, Node node)
    {
        if (node.Inputs.Length > 1 && context.Needs(node.Inputs[1]))
        {
            throw new SepalException(
                $"Node '{node.Name}': padding has no gradient by its value, so nothing before that can be trained. Freeze it, or make it a constant.");
        }

        Add(context, node, PadLowering.Positions(context.Forward, node));
    }

    public static void AddResize(GradientContext context, Node node) => Add(context, node, ResizeLowering.Weights(context.Forward, node));

    /// <summary>Adds the steps for positions as the lowering has them.</summary>
    public static void Add(GradientContext context, Node node, int[]?[] positions)
    {
        int[] dimensions = AxisCopyLowering.Aligned(context.Forward, node);
        Add(context, node, [.. positions.Select((axis, index) => axis is null ? null : AxisWeights.OfCopy(dimensions[index], axis))]);
    }

    /// <summary>Adds the steps for weights as the lowering has them.</summary>
    public static void Add(GradientContext context, Node node, AxisWeights?[] weights)
    {
        PlanBuffer outputGradient = context.OutputGradient(node);
        if (weights.All(axis => axis is null))
        {
            context.Contribute(node.Inputs[0], outputGradient);
            return;
        }

        PlanBuffer inputGradient = context.InputGradient(node, 0);
        AxisProducts.Add(
            context.Plan,
            node.Name,
            "gradient",
            outputGradient,
            context.Forward.Dimensions(node.Output),
            [.. weights.Select(axis => axis?.Transposed())],
            inputGradient);
    }
}
