using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Pooling;
using Sepal.Operators;

namespace Sepal.Training.Gradients;

/// <summary>The gradients of pooling over sliding windows, and over whole images.</summary>
internal static class PoolingGradient
{
    public static void Add(GradientContext context, Node node) =>
        Add(context, node, ((Pooling)node.Operator).Function, PoolingLowering.Geometry(context.Forward, node));

    public static void AddGlobal(GradientContext context, Node node) =>
        Add(context, node, ((GlobalPooling)node.Operator).Function, PoolingLowering.GlobalGeometry(context.Forward, node));

    private static unsafe void Add(GradientContext context, Node node, PoolingFunction function, PoolingGeometry geometry)
    {
        PlanBuffer outputGradient = context.OutputGradient(node);
        PlanBuffer inputGradient = context.InputGradient(context.Forward.Fusion?.RectifierBefore(node) ?? node, 0);
        long rowLength = (long)geometry.Columns.InputLength * geometry.Channels;
        Partition partition = Partition.OfRows((long)geometry.Batch * geometry.Rows.InputLength, rowLength);
        if (function == PoolingFunction.Maximum)
        {
            MaximumPositions positions = MaximumPositions.Create(geometry);
            PlanBuffer taps = context.Forward.Saved(node, PoolingLowering.Taps);
            context.Plan.Add(
                node.Name,
                "gradient",
                partition.Parts,
                [outputGradient, taps],
                [inputGradient],
                (run, part, _) =>
                {
                    (long from, long to) = partition.Range(part);
                    positions.Gradient(run.Floats(outputGradient), run.Floats(taps), run.Floats(inputGradient), from, to);
                });
            return;
        }

        AveragePoolingGradient kernel = AveragePoolingGradient.Create(geometry);
        context.Plan.Add(
            node.Name,
            "gradient",
            partition.Parts,
            [outputGradient],
            [inputGradient],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Run(run.Floats(outputGradient), run.Floats(inputGradient), from, to);
            });
    }
}
