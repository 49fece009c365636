namespace Sepal.Training.Losses;

/// <summary>The mean of <c>(output − target)²</c> over an example's outputs.</summary>
public sealed class MeanSquaredError : Loss
{
    /// <inheritdoc/>
    public override string Name => "mean_squared_error";

    internal override float Example(
        bool fused, ReadOnlySpan<float> source, ReadOnlySpan<float> target, int classes, float scale, Span<float> gradient)
    {
        float share = 2 * scale / source.Length;
        double total = 0;
        for (int index = 0; index < source.Length; index++)
        {
            float difference = source[index] - target[index];
            total += (double)difference * difference;
            if (!gradient.IsEmpty)
            {
                gradient[index] = share * difference;
            }
        }

        return (float)(total / source.Length);
    }
}
