using Sepal.Graphs;
using Sepal.Kernels.Elementwise;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Multiplies by a fixed number and adds another.</summary>
internal static class RescalingLowering
{
    public static void Lower(ForwardContext context, Node node)
    {
        var rescaling = (Rescaling)node.Operator;
        Add(
            context.Plan,
            node.Name,
            "forward",
            context.Buffer(node.Inputs[0]),
            context.Allocate(node.Output),
            rescaling.Scale,
            rescaling.Offset);
    }

    /// <summary>A step that rescales any buffer.</summary>
    public static unsafe void Add(
        PlanBuilder plan, string nodeName, string action, PlanBuffer source, PlanBuffer destination, float scale, float offset)
    {
        Partition partition = Partition.OfElements(destination.FloatCount);
        plan.Add(
            nodeName,
            action,
            partition.Parts,
            [source],
            [destination],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                RescalingKernel.Instance.Run(run.Floats(source) + from, run.Floats(destination) + from, to - from, scale, offset);
            });
    }
}
