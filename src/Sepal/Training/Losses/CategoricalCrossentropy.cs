using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Training.Losses;

/// <summary>
/// <c>−Σ target · log p</c> where the target is a row of shares, usually one-hot. On a model that ends in softmax it is
/// computed from the logits before it.
/// </summary>
public sealed class CategoricalCrossentropy : Loss
{
    /// <summary>Whether the model's output is logits rather than probabilities.</summary>
    public bool FromLogits { get; init; }

    /// <inheritdoc/>
    public override string Name => "categorical_crossentropy";

    internal override Value Source(Graph graph) =>
        FromLogits ? graph.Outputs[0] : BeforeActivation(graph, new Softmax());

    internal override float Example(
        bool fused, ReadOnlySpan<float> source, ReadOnlySpan<float> target, int classes, float scale, Span<float> gradient)
    {
        int positions = source.Length / classes;
        float share = scale / positions;
        double total = 0;
        for (int start = 0; start < source.Length; start += classes)
        {
            ReadOnlySpan<float> row = source.Slice(start, classes);
            ReadOnlySpan<float> wanted = target.Slice(start, classes);
            Span<float> rowGradient = gradient.IsEmpty ? [] : gradient.Slice(start, classes);
            total += fused || FromLogits ? OfLogits(row, wanted, share, rowGradient) : OfProbabilities(row, wanted, share, rowGradient);
        }

        return (float)(total / positions);
    }

    private static double OfLogits(ReadOnlySpan<float> logits, ReadOnlySpan<float> wanted, float scale, Span<float> gradient)
    {
        float logSum = LogSoftmax.LogSumExp(logits);
        double loss = 0;
        double weight = 0;
        for (int index = 0; index < logits.Length; index++)
        {
            loss += wanted[index] * (double)(logSum - logits[index]);
            weight += wanted[index];
        }

        for (int index = 0; index < gradient.Length; index++)
        {
            gradient[index] = scale * (((float)weight * MathF.Exp(logits[index] - logSum)) - wanted[index]);
        }

        return loss;
    }

    private static double OfProbabilities(
        ReadOnlySpan<float> probabilities, ReadOnlySpan<float> wanted, float scale, Span<float> gradient)
    {
        double loss = 0;
        for (int index = 0; index < probabilities.Length; index++)
        {
            float probability = CategoricalRow.Clip(probabilities[index]);
            loss -= wanted[index] * Math.Log(probability);
            if (!gradient.IsEmpty)
            {
                gradient[index] = -scale * wanted[index] / probability;
            }
        }

        return loss;
    }
}
