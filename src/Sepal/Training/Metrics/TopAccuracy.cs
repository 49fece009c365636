using System.Globalization;

namespace Sepal.Training.Metrics;

/// <summary>The share of examples whose true class is among the k largest outputs.</summary>
/// <remarks>Keras's <c>TopKCategoricalAccuracy</c>, for class numbers and one-hot rows alike.</remarks>
/// <param name="k">How many outputs count.</param>
public sealed class TopAccuracy(int k) : Metric
{
    /// <summary>How many outputs count.</summary>
    public int K { get; } = k >= 1 ? k : throw new SepalException($"Top-{k} accuracy makes no sense; k must be at least 1.");

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"top_{K}_accuracy");

    /// <inheritdoc/>
    public override double Example(ReadOnlySpan<float> output, ReadOnlySpan<float> target, int classes)
    {
        if (classes < 2)
        {
            throw new TrainingException(
                $"The metric {Name} ranks the outputs of an example, but the model's last dimension is {classes}. "
                + "Use Accuracy, or give the last layer an output for each class.");
        }

        int positions = output.Length / classes;
        int right = 0;
        for (int position = 0; position < positions; position++)
        {
            ReadOnlySpan<float> row = output.Slice(position * classes, classes);
            int @class = TrueClass(target, position, positions, classes);

            // Its rank is the number of outputs before it; of equal ones, the first come first.
            int rank = 0;
            for (int index = 0; index < classes; index++)
            {
                rank += row[index] > row[@class] || (row[index] == row[@class] && index < @class) ? 1 : 0;
            }

            right += rank < K ? 1 : 0;
        }

        return (double)right / positions;
    }
}
