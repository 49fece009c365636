using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Training.Losses;

namespace Sepal.Training;

/// <summary>The step that computes every example's loss and the gradient by what the loss reads.</summary>
internal static class LossStep
{
    /// <summary>Adds the step.</summary>
    /// <returns>The gradient by <see cref="Loss.Source"/>, or null where it is not wanted.</returns>
    public static unsafe PlanBuffer? Add(
        ForwardContext forward, Objective objective, Graph graph, PlanBuffer targets, PlanBuffer losses, int batch, bool withGradient)
    {
        Loss loss = objective.Loss;
        Value value = loss.Source(graph);
        bool fused = value != graph.Outputs[0];
        PlanBuffer source = forward.Buffer(value);
        PlanBuffer? gradient = withGradient ? forward.Plan.Allocate($"{value.Name}/gradient", source.FloatCount) : null;
        int classes = checked((int)value.Spec.Channels.Value);
        int length = checked((int)(source.FloatCount / batch));
        int targetLength = checked((int)(targets.FloatCount / batch));
        Partition partition = Partition.OfRows(batch, length);
        float scale = 1f / batch;
        forward.Plan.Add(
            "loss",
            loss.Name,
            partition.Parts,
            [source, targets],
            gradient is null ? [losses] : [losses, gradient],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                for (long row = from; row < to; row++)
                {
                    var target = new ReadOnlySpan<float>(run.Floats(targets) + (row * targetLength), targetLength);
                    float weight = objective.WeightOf(target);
                    run.Floats(losses)[row] = weight * loss.Example(
                        fused,
                        new ReadOnlySpan<float>(run.Floats(source) + (row * length), length),
                        target,
                        classes,
                        scale * weight,
                        gradient is null ? [] : new Span<float>(run.Floats(gradient) + (row * length), length));
                }
            });
        return gradient;
    }
}
