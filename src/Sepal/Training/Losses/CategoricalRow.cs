namespace Sepal.Training.Losses;

/// <summary>Cross-entropy of one row of classes against the one true class.</summary>
internal static class CategoricalRow
{
    /// <summary>Keras's bound on how small a probability is taken to be.</summary>
    public const float SmallestProbability = 1e-7f;

    public static float OfLogits(ReadOnlySpan<float> logits, int @class, float scale, Span<float> gradient)
    {
        float logSum = LogSoftmax.LogSumExp(logits);
        for (int index = 0; index < gradient.Length; index++)
        {
            gradient[index] = scale * (MathF.Exp(logits[index] - logSum) - (index == @class ? 1 : 0));
        }

        return logSum - logits[@class];
    }

    public static float OfProbabilities(ReadOnlySpan<float> probabilities, int @class, float scale, Span<float> gradient)
    {
        gradient.Clear();
        float probability = Clip(probabilities[@class]);
        if (!gradient.IsEmpty)
        {
            gradient[@class] = -scale / probability;
        }

        return -MathF.Log(probability);
    }

    public static float Clip(float probability) =>
        MathF.Min(MathF.Max(probability, SmallestProbability), 1 - SmallestProbability);
}
