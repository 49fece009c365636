using Sepal.Graphs;
using Sepal.Training.Losses;

namespace Sepal.Shrinking;

/// <summary>The loss where there are no labels: nothing, so that the distillation's part is all there is. Reads no target.</summary>
internal sealed class TeacherOnly : Loss
{
    public override string Name => "teacher_only";

    internal override void RequireShapes(TensorSpec output, Shape target)
    {
    }

    internal override bool ReadsLogits(Graph graph) => true;

    internal override float Example(
        bool fused, ReadOnlySpan<float> source, ReadOnlySpan<float> target, int classes, float scale, Span<float> gradient)
    {
        gradient.Clear();
        return 0;
    }
}
