using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Tests.References;

/// <summary>
/// Runs the loops of a graph's products one multiply at a time and counts the multiplies that it really performs. Padded images
/// are copied with their zeros, which are multiplied like any number.
/// </summary>
internal static class ReferenceMultiplyCounter
{
    /// <summary>Counts the multiplies of one node of known shapes.</summary>
    public static long Count(Node node, IReadOnlyDictionary<string, long> symbols)
    {
        int[] input = Numbers(node.Inputs[0], symbols);
        int[] output = Numbers(node.Output, symbols);
        return node.Operator switch
        {
            Convolution convolution => Convolve(convolution, input, output),
            Dense => Product(input, output),
            MatMul => Product(input, output),
            _ => 0,
        };
    }

    private static long Convolve(Convolution convolution, int[] input, int[] output)
    {
        long multiplies = 0;
        double sum = 0;
        int channels = input[3] / convolution.Groups;
        int filters = convolution.Filters / convolution.Groups;
        for (int image = 0; image < output[0]; image++)
        {
            for (int row = 0; row < output[1]; row++)
            {
                for (int column = 0; column < output[2]; column++)
                {
                    for (int group = 0; group < convolution.Groups; group++)
                    {
                        for (int filter = 0; filter < filters; filter++)
                        {
                            for (int tap = 0; tap < convolution.KernelSize.Height; tap++)
                            {
                                for (int across = 0; across < convolution.KernelSize.Width; across++)
                                {
                                    for (int channel = 0; channel < channels; channel++)
                                    {
                                        sum += (double)(channel + 1) * (filter + 1);
                                        multiplies++;
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }

        return double.IsFinite(sum) ? multiplies : throw new InvalidOperationException("The sum overflowed.");
    }

    private static long Product(int[] left, int[] output)
    {
        long multiplies = 0;
        double sum = 0;
        foreach (int element in Enumerable.Range(0, output.Aggregate(1, (product, next) => product * next)))
        {
            for (int term = 0; term < left[^1]; term++)
            {
                sum += (double)element * term;
                multiplies++;
            }
        }

        return double.IsFinite(sum) ? multiplies : throw new InvalidOperationException("The sum overflowed.");
    }

    private static int[] Numbers(Value value, IReadOnlyDictionary<string, long> symbols) =>
        [.. value.Shape.Select(dimension => (int)dimension.Evaluate(symbols))];
}
