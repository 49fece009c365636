using Sepal.Shrinking;
using Sepal.Tests.Operators;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Shrinking.Decoupling;

public sealed class KernelDecompositionTests
{
    public static TheoryData<int, int, int, int> Kernels => new()
    {
        { 1, 1, 3, 5 },
        { 1, 3, 4, 8 },
        { 5, 1, 8, 4 },
        { 2, 2, 3, 7 },
        { 3, 3, 1, 16 },
        { 3, 3, 16, 1 },
        { 3, 3, 8, 16 },
        { 3, 3, 16, 6 },
        { 3, 5, 5, 9 },
        { 4, 4, 6, 20 },
        { 5, 5, 4, 8 },
        { 6, 2, 4, 8 },
        { 7, 7, 3, 64 },
    };

    [Theory]
    [MemberData(nameof(Kernels))]
    public void At_full_rank_the_kernel_comes_back(int height, int width, int channels, int filters)
    {
        float[] kernel = Random(height * width * channels * filters);
        foreach (DecouplingForm form in Enum.GetValues<DecouplingForm>())
        {
            var decomposition = KernelDecomposition.Of(kernel, (height, width), channels, filters, form);

            Assert.Equal(Math.Min(height * width, form == DecouplingForm.DepthwisePointwise ? filters : channels), decomposition.FullRank);
            float[] product = decomposition.Truncate(decomposition.FullRank).Reconstruct();
            Assert.True(Difference(kernel, product) < 1e-6, $"{form}: {Difference(kernel, product)}");
            Assert.Equal(0, decomposition.RelativeError(decomposition.FullRank));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_errors_are_those_of_a_textbook(int height, int width, int channels, int filters)
    {
        int taps = height * width;
        float[] kernel = Random(taps * channels * filters);
        foreach (DecouplingForm form in Enum.GetValues<DecouplingForm>())
        {
            var decomposition = KernelDecomposition.Of(kernel, (height, width), channels, filters, form);
            double[][] values = [.. Slices(kernel, taps, channels, filters, form).Select(ReferenceSingularValues.Of)];
            double energy = kernel.Sum(number => (double)number * number);
            for (int rank = 1; rank <= decomposition.FullRank; rank++)
            {
                double kept = values.Sum(slice => slice.Take(rank).Sum(value => value * value));
                double error = Math.Sqrt(Math.Max(0, 1 - (kept / energy)));
                Assert.Equal(kept / energy, decomposition.EnergyShare(rank), 1e-9);
                Assert.True(Math.Abs(decomposition.RelativeError(rank) - error) < 1e-7);

                // The kernels themselves are as far off as is said.
                DecoupledKernel truncated = decomposition.Truncate(rank);
                Assert.Equal(rank, truncated.Rank);
                Assert.True(Math.Abs(Difference(kernel, truncated.Reconstruct()) - error) < 1e-6);
                Assert.Equal(decomposition.RelativeError(rank), truncated.RelativeError);
            }
        }
    }

    [Fact]
    public void Errors_fall_with_the_rank_and_queries_find_the_least_that_suffices()
    {
        var decomposition = KernelDecomposition.Of(Random(9 * 12 * 20), 3, 12, 20, DecouplingForm.DepthwisePointwise);

        Assert.Equal(1, decomposition.RelativeError(0));
        for (int rank = 1; rank <= 9; rank++)
        {
            double error = decomposition.RelativeError(rank);
            Assert.True(error < decomposition.RelativeError(rank - 1));
            Assert.Equal(rank, decomposition.RankForError(error));
            Assert.Equal(rank, decomposition.RankForEnergy(decomposition.EnergyShare(rank)));

            long cost = decomposition.MultiplyAccumulates(rank, outputPixels: 49, inputPixels: 196);
            Assert.Equal(49 * rank * ((9 * 12) + (12 * 20)), cost);
            Assert.Equal(rank, decomposition.RankForMultiplyAccumulates(cost, 49, 196));
            Assert.Equal(rank - 1, decomposition.RankForMultiplyAccumulates(cost - 1, 49, 196));
            Assert.Equal(rank * ((9 * 12) + (12 * 20)), decomposition.Parameters(rank));
        }

        Assert.Equal(9, decomposition.RankForMultiplyAccumulates(long.MaxValue, 49, 196));
        Assert.Equal(1, decomposition.RankForError(2));
        Assert.Equal(9, decomposition.RankForEnergy(2));
    }

    [Fact]
    public void A_pointwise_step_that_comes_first_costs_at_every_input_pixel()
    {
        var decomposition = KernelDecomposition.Of(Random(9 * 12 * 20), 3, 12, 20, DecouplingForm.PointwiseDepthwise);

        Assert.Equal(2 * ((49 * 9 * 20) + (196 * 12 * 20)), decomposition.MultiplyAccumulates(2, outputPixels: 49, inputPixels: 196));
    }

    [Fact]
    public void A_kernel_of_zeros_is_decomposed_without_error()
    {
        var decomposition = KernelDecomposition.Of(new float[9 * 2 * 3], 3, 2, 3, DecouplingForm.DepthwisePointwise);

        Assert.Equal(0, decomposition.RelativeError(1));
        Assert.Equal(1, decomposition.EnergyShare(1));
        Assert.All(decomposition.Truncate(2).Reconstruct(), number => Assert.Equal(0, number));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        var decomposition = KernelDecomposition.Of(Random(9 * 2 * 3), 3, 2, 3, DecouplingForm.DepthwisePointwise);

        Assert.Contains("ranks from 1 to 3", Assert.Throws<SepalException>(() => decomposition.Truncate(0)).Message, StringComparison.Ordinal);
        Assert.Throws<SepalException>(() => decomposition.Truncate(4));
        Assert.Throws<SepalException>(() => decomposition.RelativeError(-1));
        Assert.Contains("10 numbers were given", Assert.Throws<SepalException>(
            () => KernelDecomposition.Of(new float[10], 3, 1, 1, DecouplingForm.DepthwisePointwise)).Message, StringComparison.Ordinal);
        Assert.Contains("not finite", Assert.Throws<SepalException>(
            () => KernelDecomposition.Of([1, float.NaN], (1, 2), 1, 1, DecouplingForm.DepthwisePointwise)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_kernel_takes_no_long_time_and_gives_the_same_bits_again()
    {
        float[] kernel = Random(9 * 512 * 512);
        DecoupledKernel first = KernelDecomposition.Of(kernel, 3, 512, 512, DecouplingForm.DepthwisePointwise).Truncate(2);
        DecoupledKernel second = KernelDecomposition.Of(kernel, 3, 512, 512, DecouplingForm.DepthwisePointwise).Truncate(2);

        Assert.Equal(first.Terms[1].Pointwise, second.Terms[1].Pointwise);
        Assert.Equal(first.Terms[1].Depthwise, second.Terms[1].Depthwise);
    }

    private static float[] Random(int length) => TestNumbers.Uniform(new Random(length), length, -1, 1);

    private static double Difference(float[] expected, float[] actual) =>
        Math.Sqrt(expected.Zip(actual).Sum(pair => Math.Pow((double)pair.First - pair.Second, 2)) / expected.Sum(number => (double)number * number));

    private static IEnumerable<double[,]> Slices(float[] kernel, int taps, int channels, int filters, DecouplingForm form)
    {
        bool byInput = form == DecouplingForm.DepthwisePointwise;
        for (int slice = 0; slice < (byInput ? channels : filters); slice++)
        {
            var matrix = new double[byInput ? filters : channels, taps];
            for (int row = 0; row < matrix.GetLength(0); row++)
            {
                for (int tap = 0; tap < taps; tap++)
                {
                    (int channel, int filter) = byInput ? (slice, row) : (row, slice);
                    matrix[row, tap] = kernel[(((tap * channels) + channel) * filters) + filter];
                }
            }

            yield return matrix;
        }
    }
}
