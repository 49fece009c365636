namespace Sepal.Training.Metrics;

/// <summary>
/// The share of examples whose largest output is the true class. On a single output (two classes), the share on the right
/// side of one half.
/// </summary>
public sealed class Accuracy : Metric
{
    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override double Example(ReadOnlySpan<float> output, ReadOnlySpan<float> target, int classes)
    {
        if (classes == 1)
        {
            return output[0] > 0.5f == target[0] > 0.5f ? 1 : 0;
        }

        int positions = output.Length / classes;
        int right = 0;
        for (int position = 0; position < positions; position++)
        {
            int found = Largest(output.Slice(position * classes, classes));
            right += found == TrueClass(target, position, positions, classes) ? 1 : 0;
        }

        return (double)right / positions;
    }
}
