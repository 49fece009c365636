namespace Sepal.Cli.Classification;

/// <summary>What a classifier's scores mean.</summary>
internal static class Scores
{
    // Rounding of a few thousand classes in single precision stays far below.
    private const double SumTolerance = 1e-3;

    /// <summary>Probabilities: the scores, if they are that already (none negative, 1 in all), and their softmax otherwise.</summary>
    /// <param name="scores">One a class.</param>
    /// <returns>One a class, from 0 to 1.</returns>
    public static double[] Probabilities(ReadOnlySpan<float> scores)
    {
        double[] values = new double[scores.Length];
        double sum = 0;
        double maximum = double.NegativeInfinity;
        bool isProbability = true;
        for (int index = 0; index < values.Length; index++)
        {
            values[index] = scores[index];
            sum += values[index];
            maximum = Math.Max(maximum, values[index]);
            isProbability &= values[index] >= 0;
        }

        if (isProbability && Math.Abs(sum - 1) <= SumTolerance)
        {
            return values;
        }

        double[] exponentials = Array.ConvertAll(values, value => Math.Exp(value - maximum));
        double total = exponentials.Sum();
        return Array.ConvertAll(exponentials, value => value / total);
    }
}
