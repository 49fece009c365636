using System.Globalization;

namespace Sepal.Peers;

/// <summary>Whether two engines compute the same: no speed is worth anything otherwise.</summary>
internal static class Agreement
{
    // Both sum in 32-bit floats, in orders of their own, through dozens of layers.
    private const double Tolerance = 1e-3;

    /// <summary>Runs both on the same input and compares the outputs.</summary>
    /// <returns>The largest difference, as a share of the span between the reference's smallest and largest number.</returns>
    /// <exception cref="SepalException">They do not agree.</exception>
    public static double Require(string model, IEngine sepal, IEngine onnxRuntime)
    {
        Engines.Fill(sepal);
        Engines.Fill(onnxRuntime);
        sepal.Run();
        onnxRuntime.Run();
        ReadOnlySpan<float> actual = sepal.Output;
        ReadOnlySpan<float> expected = onnxRuntime.Output;
        if (actual.Length != expected.Length)
        {
            throw new SepalException($"{model}: Sepal gives {actual.Length} numbers, but ONNX Runtime gives {expected.Length}.");
        }

        double least = double.PositiveInfinity;
        double most = double.NegativeInfinity;
        double largest = 0;
        int position = 0;
        for (int index = 0; index < expected.Length; index++)
        {
            least = Math.Min(least, expected[index]);
            most = Math.Max(most, expected[index]);
            double difference = Math.Abs((double)actual[index] - expected[index]);
            if (!(difference <= largest))
            {
                largest = difference;
                position = index;
            }
        }

        // Also where outputs are all but the same number, what 32 bits can tell apart does not count as a difference.
        double rounding = 1e-6 * Math.Max(Math.Abs(least), Math.Abs(most));
        double span = most - least;
        return largest <= (Tolerance * span) + rounding
            ? largest / Math.Max(span, rounding)
            : throw new SepalException(string.Create(
                CultureInfo.InvariantCulture,
                $"{model}: the engines do not agree. Output {position} is {actual[position]} with Sepal, but {expected[position]} with ONNX "
                + $"Runtime, whose outputs lie between {least} and {most}. Nothing is measured."));
    }
}
