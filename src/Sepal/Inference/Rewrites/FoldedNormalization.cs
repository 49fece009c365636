namespace Sepal.Inference.Rewrites;

/// <summary>
/// What folding a batch normalisation leaves: <c>γ·(y + b − mean)/√(variance + ε) + β</c> is <c>y·f + offset</c> for every channel.
/// </summary>
/// <param name="Factors"><c>f = γ/√(variance + ε)</c>.</param>
/// <param name="Offsets"><c>(b − mean)·f + β</c>.</param>
internal sealed record FoldedNormalization(double[] Factors, float[] Offsets)
{
    /// <summary>Works both out, in double precision.</summary>
    /// <param name="statistics">γ, β, mean and variance, a number a channel.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="bias">The bias b, or empty for none.</param>
    public static FoldedNormalization Of(float[][] statistics, float epsilon, ReadOnlySpan<float> bias)
    {
        (float[] gamma, float[] beta, float[] mean, float[] variance) = (statistics[0], statistics[1], statistics[2], statistics[3]);
        var factors = new double[gamma.Length];
        var offsets = new float[gamma.Length];
        for (int channel = 0; channel < gamma.Length; channel++)
        {
            factors[channel] = gamma[channel] / Math.Sqrt((double)variance[channel] + epsilon);
            offsets[channel] = (float)((((bias.IsEmpty ? 0 : bias[channel]) - (double)mean[channel]) * factors[channel]) + beta[channel]);
        }

        return new FoldedNormalization(factors, offsets);
    }
}
