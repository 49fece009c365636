namespace Sepal.Training.Losses;

/// <summary>The logarithm of a softmax without forming the softmax, so that nothing overflows or vanishes.</summary>
internal static class LogSoftmax
{
    /// <summary><c>max + log Σ e^(x − max)</c>: what is taken from a logit to get its log-probability.</summary>
    public static float LogSumExp(ReadOnlySpan<float> logits)
    {
        float largest = float.NegativeInfinity;
        foreach (float logit in logits)
        {
            largest = MathF.Max(largest, logit);
        }

        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        return (float)(largest + Math.Log(sum));
    }
}
