using Sepal.Graphs;
using Sepal.Training;

namespace Sepal.Tests.Training;

/// <summary>A data set whose targets are a row for every class number of another's.</summary>
internal sealed class OneHotTargets(Dataset inner, int classes = 4) : Dataset
{
    public override int Count => inner.Count;

    public override Shape InputShape => inner.InputShape;

    public override Shape TargetShape => [classes];

    public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
    {
        var numbers = new float[indices.Length];
        inner.Read(indices, inputs, numbers);
        targets.Clear();
        for (int row = 0; row < numbers.Length; row++)
        {
            targets[(row * classes) + (int)numbers[row]] = 1;
        }
    }
}
