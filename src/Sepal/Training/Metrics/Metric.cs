namespace Sepal.Training.Metrics;

/// <summary>A figure of merit, the mean of a number for every example. It does not steer training.</summary>
public abstract class Metric
{
    /// <summary>Keras's name, for example <c>accuracy</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether larger is better; what early stopping and the best model go by.</summary>
    public virtual bool LargerIsBetter => true;

    /// <summary>The number of one example.</summary>
    /// <param name="output">The model's output for it.</param>
    /// <param name="target">Its target.</param>
    /// <param name="classes">The output's last dimension.</param>
    /// <returns>The number; for an accuracy 1 where right and 0 where wrong.</returns>
    public abstract double Example(ReadOnlySpan<float> output, ReadOnlySpan<float> target, int classes);

    /// <summary>The true class of a position: the class number, or the largest of a one-hot row.</summary>
    private protected static int TrueClass(ReadOnlySpan<float> target, int position, int positions, int classes) =>
        target.Length == positions ? (int)target[position] : Largest(target.Slice(position * classes, classes));

    /// <summary>The position of the largest; the first of several.</summary>
    internal static int Largest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int index = 1; index < values.Length; index++)
        {
            if (values[index] > values[best])
            {
                best = index;
            }
        }

        return best;
    }
}
