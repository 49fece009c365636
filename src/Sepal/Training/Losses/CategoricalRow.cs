using System.Numerics.Tensors;

namespace Sepal.Training.Losses;

/// <summary>Cross-entropy of one row of classes against the one true class.</summary>
internal static class CategoricalRow
{
    /// <summary>Keras's bound on how small a probability is taken to be.</summary>
    public const float SmallestProbability = 1e-7f;

    public static float OfLogits(ReadOnlySpan<float> logits, int @class, float smoothing, float scale, Span<float> gradient)
    {
        float logSum = LogSoftmax.LogSumExp(logits);
        float other = smoothing / logits.Length;
        float own = 1 - smoothing + other;
        for (int index = 0; index < gradient.Length; index++)
        {
            gradient[index] = scale * (MathF.Exp(logits[index] - logSum) - (index == @class ? own : other));
        }

        return smoothing == 0
            ? logSum - logits[@class]
            : logSum - ((1 - smoothing) * logits[@class]) - (other * TensorPrimitives.Sum(logits));
    }

    public static float OfProbabilities(
        ReadOnlySpan<float> probabilities, int @class, float smoothing, float scale, Span<float> gradient)
    {
        gradient.Clear();
        float other = smoothing / probabilities.Length;
        double loss = 0;
        for (int index = 0; index < probabilities.Length; index++)
        {
            float share = index == @class ? 1 - smoothing + other : other;
            if (share == 0)
            {
                continue;
            }

            float probability = Clip(probabilities[index]);
            if (!gradient.IsEmpty)
            {
                gradient[index] = -scale * share / probability;
            }

            loss -= share * MathF.Log(probability);
        }

        return (float)loss;
    }

    public static float Clip(float probability) =>
        MathF.Min(MathF.Max(probability, SmallestProbability), 1 - SmallestProbability);
}
