using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Sepal.Shrinking;

/// <summary>
/// The decomposition of a kernel by what matters for the layer's output rather than by the kernel's own size: for each input channel
/// the best approximation of F^½·W·C^½, with C the second moments of the windows that the channel's taps meet and F the factors of the
/// output channels (the generalised singular value decomposition of He et al., arXiv 1910.09455).
/// </summary>
internal static class WeightedDecomposition
{
    // Added to the moments, as a share of their mean, so that directions that the images do not show still count.
    private const double Floor = 1e-3;

    /// <summary>Decomposes a kernel in the form depthwise → pointwise.</summary>
    /// <param name="kernel">The kernel <c>[taps, input channels, filters]</c>.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="windows">What its taps meet.</param>
    /// <param name="factors">F, a number a filter.</param>
    /// <param name="rank">How many terms.</param>
    /// <returns>The kernels, with a bias of zeros.</returns>
    public static LayerWeights Of(float[] kernel, DecoupledLayer layer, LayerWindows windows, double[] factors, int rank)
    {
        (int channels, int filters, int taps) = (layer.InputChannels, layer.Filters, layer.Taps);
        double[][] depthwise = [.. Enumerable.Range(0, rank).Select(_ => new double[taps * channels])];
        double[][] pointwise = [.. Enumerable.Range(0, rank).Select(_ => new double[channels * filters])];
        double[] roots = Array.ConvertAll(factors, Math.Sqrt);
        Parallel.For(0, channels, channel =>
        {
            (Matrix<double> root, Matrix<double> inverse) = Roots(windows, channel);
            Matrix<double> matrix = Matrix<double>.Build.Dense(
                filters, taps, (filter, tap) => roots[filter] * kernel[(((tap * channels) + channel) * filters) + filter]);
            var slice = SliceDecomposition.Of((matrix * root).ToRowMajorArray(), filters, taps);
            for (int term = 0; term < rank; term++)
            {
                (double[] mixing, double[] filter) = slice.Term(term);
                Vector<double> plain = inverse * Vector<double>.Build.Dense(filter);
                for (int tap = 0; tap < taps; tap++)
                {
                    depthwise[term][(tap * channels) + channel] = plain[tap];
                }

                for (int output = 0; output < filters; output++)
                {
                    pointwise[term][(channel * filters) + output] = mixing[output] / roots[output];
                }
            }
        });
        return new LayerWeights(depthwise, pointwise, new double[filters]);
    }

    /// <summary>C^½ and C^−½; ones where the channel is always the same.</summary>
    private static (Matrix<double> Root, Matrix<double> Inverse) Roots(LayerWindows windows, int channel)
    {
        int taps = windows.Taps;
        double[] moments = ColumnProducts.Gram(windows.OfChannel(channel, windows.FittedRows), windows.FittedRows);
        double mean = 0;
        for (int tap = 0; tap < taps; tap++)
        {
            mean += moments[(tap * taps) + tap] / taps;
        }

        if (mean <= 0)
        {
            return (Matrix<double>.Build.DenseIdentity(taps), Matrix<double>.Build.DenseIdentity(taps));
        }

        // Of a mean of one, so that channels of any size are alike.
        Matrix<double> scaled = Matrix<double>.Build.Dense(taps, taps, (row, column) => moments[(row * taps) + column] / mean);
        Evd<double> eigen = scaled.Evd(Symmetricity.Symmetric);
        double[] squares = [.. eigen.EigenValues.Select(value => Math.Max(0, value.Real) + Floor)];
        Matrix<double> vectors = eigen.EigenVectors;
        return (
            vectors * Matrix<double>.Build.DenseOfDiagonalArray([.. squares.Select(Math.Sqrt)]) * vectors.Transpose(),
            vectors * Matrix<double>.Build.DenseOfDiagonalArray([.. squares.Select(square => 1 / Math.Sqrt(square))]) * vectors.Transpose());
    }
}
