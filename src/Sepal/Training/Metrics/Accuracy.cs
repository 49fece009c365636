namespace Sepal.Training.Metrics;

/// <summary>
/// The share of examples whose largest output is the true class. Where the last dimension is 1 (two classes), the share on
/// the right side of one half.
/// </summary>
public sealed class Accuracy : Metric
{
    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override double Example(ReadOnlySpan<float> output, ReadOnlySpan<float> target, int classes)
    {
        int positions = output.Length / classes;
        int right = 0;
        for (int position = 0; position < positions; position++)
        {
            bool isRight = classes == 1
                ? output[position] > 0.5f == target[position] > 0.5f
                : Largest(output.Slice(position * classes, classes)) == TrueClass(target, position, positions, classes);
            right += isRight ? 1 : 0;
        }

        return (double)right / positions;
    }
}
