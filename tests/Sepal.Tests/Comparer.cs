using System.Globalization;
using Xunit;

namespace Sepal.Tests;

/// <summary>Compares what a kernel computed with a reference, and says where they differ most.</summary>
internal static class Comparer
{
    private const double Epsilon = 1.0 / (1 << 23);

    /// <summary>
    /// Fails unless every element is near its reference: absolute near zero, relative elsewhere, and wider the more
    /// terms the element sums.
    /// </summary>
    /// <param name="expected">The reference.</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="terms">Terms in the sum behind each element.</param>
    /// <param name="dimensions">Of both, to report coordinates.</param>
    /// <param name="what">What is compared, with its shape and seed.</param>
    public static void AssertClose(
        ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, long terms, ReadOnlySpan<int> dimensions, string what)
    {
        Assert.Equal(expected.Length, actual.Length);

        // A sum of n random terms of size 1, added one after the other, has partial sums of size √i and so an error of
        // n/√6 · 2⁻²⁴: this allows five times that, as a run of the tests makes millions of comparisons.
        double allowed = Epsilon * (8 + terms);
        int worst = -1;
        double worstRatio = 1;
        int failures = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double ratio = Math.Abs(actual[i] - expected[i]) / (allowed * Math.Max(1, Math.Abs(expected[i])));
            if (double.IsNaN(ratio) || ratio > 1)
            {
                failures++;
                if (worst < 0 || double.IsNaN(ratio) || ratio > worstRatio)
                {
                    (worst, worstRatio) = (i, ratio);
                }
            }
        }

        if (worst >= 0)
        {
            Assert.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {failures} of {expected.Length} differ; worst at [{Coordinates(worst, dimensions)}]: expected {expected[worst]:R}, got {actual[worst]:R}, {worstRatio:F1} times the tolerance."));
        }
    }

    /// <summary>Fails unless every element has the same bits.</summary>
    public static void AssertSameBits(
        ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, ReadOnlySpan<int> dimensions, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
            {
                Assert.Fail(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what}: bits differ at [{Coordinates(i, dimensions)}]: {expected[i]:R} and {actual[i]:R}."));
            }
        }
    }

    private static string Coordinates(int index, ReadOnlySpan<int> dimensions)
    {
        int[] coordinates = new int[dimensions.Length];
        for (int axis = dimensions.Length - 1; axis >= 0; axis--)
        {
            (index, coordinates[axis]) = Math.DivRem(index, dimensions[axis]);
        }

        return string.Join(", ", coordinates);
    }
}
