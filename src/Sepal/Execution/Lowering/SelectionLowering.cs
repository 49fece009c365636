using Sepal.Graphs;
using Sepal.Kernels.Reductions;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Finds the most extreme elements along an axis.</summary>
internal static class SelectionLowering
{
    public static unsafe void LowerArgExtremum(ForwardContext context, Node node)
    {
        var extremum = (ArgExtremum)node.Operator;
        AxisLayout layout = Layout(context, node, extremum.Axis);
        ArgExtremumKernel kernel = ArgExtremumKernel.Create(
            node.Inputs[0].Spec.ElementType, layout, extremum.Function == ExtremumFunction.Maximum, extremum.SelectLastIndex);
        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer output = context.Allocate(node.Output);
        Partition partition = Partition.OfRows(layout.Lines, layout.Length);
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            [input],
            [output],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Run(run.Pointer<byte>(input), run.Pointer<long>(output), from, to);
            });
    }

    public static unsafe void LowerTopK(ForwardContext context, Node node)
    {
        var top = (TopK)node.Operator;
        AxisLayout layout = Layout(context, node, top.Axis);
        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer values = context.Allocate(node.Outputs[0]);
        PlanBuffer positions = context.Allocate(node.Outputs[1]);
        if (top.Count == 0)
        {
            return;
        }

        if (layout.Length < top.Count)
        {
            throw new SepalException(
                $"Node '{node.Name}': {top.Count} elements are to be taken of {layout.Length}. Give an input with more along the axis.");
        }

        TopKKernel kernel = TopKKernel.Create(node.Inputs[0].Spec.ElementType, layout, top.Count, top.Largest, top.Sorted);
        Partition partition = Partition.OfRows(layout.Lines, layout.Length);
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            [input],
            [values, positions],
            (run, part, worker) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Run(
                    run.Pointer<byte>(input), run.Pointer<byte>(values), run.Pointer<long>(positions), from, to, run.Scratch(worker));
            },
            kernel.ScratchLength);
    }

    private static AxisLayout Layout(ForwardContext context, Node node, int axis)
    {
        int[] dimensions = context.Dimensions(node.Inputs[0]);
        return AxisLayout.Create(dimensions, axis < 0 ? axis + dimensions.Length : axis);
    }
}
