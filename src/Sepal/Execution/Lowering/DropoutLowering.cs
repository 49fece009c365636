using Sepal.Graphs;
using Sepal.Kernels.Elementwise;
using Sepal.Operators;
using Sepal.Randomness;

namespace Sepal.Execution.Lowering;

/// <summary>Drops a random share of the elements in training; at inference, nothing to run.</summary>
internal static class DropoutLowering
{
    public static void Lower(ForwardContext context, Node node)
    {
        if (IsIdentity(context, node))
        {
            context.Alias(node.Output, node.Inputs[0]);
            return;
        }

        AddMask(context, node, "forward", context.Buffer(node.Inputs[0]), context.Allocate(node.Output));
    }

    /// <summary>Whether the node does nothing in this plan.</summary>
    public static bool IsIdentity(ForwardContext context, Node node) =>
        !context.Training || ((Dropout)node.Operator).Rate == 0;

    /// <summary>A step that applies the node's mask: to its input, or to the gradient by its output.</summary>
    public static unsafe void AddMask(
        ForwardContext context, Node node, string action, PlanBuffer source, PlanBuffer destination)
    {
        float rate = ((Dropout)node.Operator).Rate;
        int position = context.Position(node);
        Partition partition = Partition.OfElements(destination.FloatCount);
        context.Plan.Add(
            node.Name,
            action,
            partition.Parts,
            [source],
            [destination],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                ulong stream = RandomStreams.Dropout(position, run.StepNumber);
                DropoutKernel.Instance.Run(run.Floats(source), run.Floats(destination), from, to, rate, run.Seed, stream);
            });
    }
}
