using Sepal.Graphs;
using Sepal.Kernels.Normalization;
using Sepal.Kernels.Reductions;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Runs softmax over the lines that an axis makes.</summary>
internal static class SoftmaxLowering
{
    public static void Lower(ForwardContext context, Node node)
    {
        AxisLayout layout = Layout(context, node);
        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer output = context.Allocate(node.Output);
        if (output.FloatCount == 0)
        {
            return;
        }

        bool logarithmic = ((Softmax)node.Operator).Logarithmic;
        if (layout.Inner == 1)
        {
            AddRows(context, node, (int)layout.Length, logarithmic, input, output);
        }
        else
        {
            AddColumns(context, node, layout, logarithmic, input, output);
        }
    }

    /// <summary>The axis of a node.</summary>
    public static AxisLayout Layout(ForwardContext context, Node node)
    {
        int[] dimensions = context.Dimensions(node.Output);
        int axis = ((Softmax)node.Operator).Axis;
        return AxisLayout.Create(dimensions, axis < 0 ? axis + dimensions.Length : axis);
    }

    private static unsafe void AddRows(
        ForwardContext context, Node node, int length, bool logarithmic, PlanBuffer input, PlanBuffer output)
    {
        SoftmaxKernel kernel = SoftmaxKernel.Create(length);
        Partition partition = Partition.OfRows(output.FloatCount / length, length);
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            [input],
            [output],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                float* source = run.Floats(input) + (from * length);
                float* destination = run.Floats(output) + (from * length);
                if (logarithmic)
                {
                    kernel.ForwardLogarithm(source, destination, to - from);
                }
                else
                {
                    kernel.Forward(source, destination, to - from);
                }
            });
    }

    private static unsafe void AddColumns(
        ForwardContext context, Node node, AxisLayout layout, bool logarithmic, PlanBuffer input, PlanBuffer output)
    {
        ColumnSoftmaxKernel kernel = ColumnSoftmaxKernel.Create(layout, logarithmic);
        Partition outer = Partition.OfRows(layout.Outer, layout.Length * layout.Inner);
        Partition inner = Partition.OfChannels(layout.Inner, layout.Length);
        context.Plan.Add(
            node.Name,
            "forward",
            outer.Parts * inner.Parts,
            [input],
            [output],
            (run, part, _) =>
            {
                (int outerPart, int innerPart) = Math.DivRem(part, inner.Parts);
                (long from, long to) = outer.Range(outerPart);
                (long fromInner, long toInner) = inner.Range(innerPart);
                kernel.Run(run.Floats(input), run.Floats(output), from, to, fromInner, toInner);
            });
    }
}
