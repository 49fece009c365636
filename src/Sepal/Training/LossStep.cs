using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Training.Losses;

namespace Sepal.Training;

/// <summary>The step that computes every example's loss and the gradient by what the loss reads.</summary>
internal static class LossStep
{
    /// <summary>Adds the step.</summary>
    /// <returns>The gradient by <see cref="Loss.Source"/>.</returns>
    public static unsafe PlanBuffer Add(
        ForwardContext forward, Objective objective, Graph graph, PlanBuffer targets, PlanBuffer? teacher, PlanBuffer losses, int batch)
    {
        Loss loss = objective.Loss;
        Value value = loss.Source(graph);
        bool fused = value != graph.Outputs[0];
        PlanBuffer source = forward.Buffer(value);
        PlanBuffer gradient = forward.Plan.Allocate($"{value.Name}/gradient", source.FloatCount);
        int classes = checked((int)value.Spec.Channels.Value);
        int length = checked((int)(source.FloatCount / batch));
        int targetLength = checked((int)(targets.FloatCount / batch));
        Partition partition = Partition.OfRows(batch, length);
        float scale = 1f / batch;
        forward.Plan.Add(
            "loss",
            loss.Name,
            partition.Parts,
            teacher is null ? [source, targets] : [source, targets, teacher],
            [losses, gradient],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                for (long row = from; row < to; row++)
                {
                    var target = new ReadOnlySpan<float>(run.Floats(targets) + (row * targetLength), targetLength);
                    var values = new ReadOnlySpan<float>(run.Floats(source) + (row * length), length);
                    var slopes = new Span<float>(run.Floats(gradient) + (row * length), length);
                    float weight = objective.WeightOf(target);
                    float share = weight * objective.LossShare;
                    float total = share * loss.Example(fused, values, target, classes, scale * share, slopes);
                    if (teacher is not null && objective.Distillation is { } distillation)
                    {
                        var taught = new ReadOnlySpan<float>(run.Floats(teacher) + (row * length), length);
                        total += DistillationRow.Add(
                            values, taught, distillation.Temperature, weight * distillation.Alpha, scale, slopes);
                    }

                    run.Floats(losses)[row] = total;
                }
            });
        return gradient;
    }
}
