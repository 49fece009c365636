using System.Globalization;
using System.Numerics.Tensors;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Training.Losses;

/// <summary>
/// <c>−Σ target · log p</c> where the target is a row of shares, usually one-hot. On a model that ends in softmax it is
/// computed from the logits before it.
/// </summary>
public sealed class CategoricalCrossentropy : Loss
{
    private readonly float _labelSmoothing;

    /// <summary>Whether the model's output is logits rather than probabilities.</summary>
    public bool FromLogits { get; init; }

    /// <summary>
    /// The share ε of every target row that is spread evenly over all classes: <c>target·(1 − ε) + ε/classes</c> (Szegedy et
    /// al., arXiv 1512.00567, section 7). 0 for none.
    /// </summary>
    /// <exception cref="SepalException">It is not at least 0 and below 1.</exception>
    public float LabelSmoothing
    {
        get => _labelSmoothing;
        init => _labelSmoothing = RequireSmoothing(value);
    }

    /// <inheritdoc/>
    public override string Name => "categorical_crossentropy";

    internal override Value Source(Graph graph) =>
        FromLogits ? graph.Outputs[0] : BeforeActivation(graph, new Softmax());

    internal override bool ReadsLogits(Graph graph) => FromLogits || Source(graph) != graph.Outputs[0];

    internal override string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}, from logits: {FromLogits}, label smoothing {LabelSmoothing}");

    internal override int? ClassOf(ReadOnlySpan<float> target) => TensorPrimitives.IndexOfMax(target);

    internal override int? ClassCount(TensorSpec output) => RowLength(output);

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
            total += fused || FromLogits
                ? OfLogits(row, wanted, share, rowGradient)
                : OfProbabilities(row, wanted, share, rowGradient);
        }

        return (float)(total / positions);
    }

    private double OfLogits(ReadOnlySpan<float> logits, ReadOnlySpan<float> wanted, float scale, Span<float> gradient)
    {
        float logSum = LogSoftmax.LogSumExp(logits);
        double loss = 0;
        double weight = 0;
        for (int index = 0; index < logits.Length; index++)
        {
            float share = Smoothed(wanted[index], wanted.Length);
            loss += share * (double)(logSum - logits[index]);
            weight += share;
        }

        for (int index = 0; index < gradient.Length; index++)
        {
            gradient[index] = scale * (((float)weight * MathF.Exp(logits[index] - logSum)) - Smoothed(wanted[index], wanted.Length));
        }

        return loss;
    }

    private double OfProbabilities(
        ReadOnlySpan<float> probabilities, ReadOnlySpan<float> wanted, float scale, Span<float> gradient)
    {
        double loss = 0;
        for (int index = 0; index < probabilities.Length; index++)
        {
            float probability = CategoricalRow.Clip(probabilities[index]);
            float share = Smoothed(wanted[index], wanted.Length);
            loss -= share * Math.Log(probability);
            if (!gradient.IsEmpty)
            {
                gradient[index] = -scale * share / probability;
            }
        }

        return loss;
    }

    private float Smoothed(float share, int classes) => (share * (1 - _labelSmoothing)) + (_labelSmoothing / classes);
}
