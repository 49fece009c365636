using System.Globalization;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Training.Losses;

/// <summary>
/// <c>−t·log p − (1 − t)·log(1 − p)</c>, the mean over an example's outputs. On a model that ends in sigmoid it is computed
/// from the logits before it, as <c>max(x, 0) − x·t + log(1 + e^−|x|)</c>.
/// </summary>
public sealed class BinaryCrossentropy : Loss
{
    private readonly float _labelSmoothing;

    /// <summary>Whether the model's output is logits rather than probabilities.</summary>
    public bool FromLogits { get; init; }

    /// <summary>
    /// The share ε of every target that is moved to one half: <c>target·(1 − ε) + ε/2</c> (Szegedy et al., arXiv 1512.00567,
    /// section 7, for two classes). 0 for none.
    /// </summary>
    /// <exception cref="SepalException">It is not at least 0 and below 1.</exception>
    public float LabelSmoothing
    {
        get => _labelSmoothing;
        init => _labelSmoothing = RequireSmoothing(value);
    }

    /// <inheritdoc/>
    public override string Name => "binary_crossentropy";

    internal override Value Source(Graph graph) =>
        FromLogits ? graph.Outputs[0] : BeforeActivation(graph, new Unary(UnaryFunction.Sigmoid));

    internal override void RequireTargets(ReadOnlySpan<float> targets, int classes)
    {
        foreach (float target in targets)
        {
            if (target is not (>= 0 and <= 1))
            {
                throw new TrainingException(
                    $"A target is {target}, but the loss {Name} needs numbers from 0 to 1. Scale or correct the targets.");
            }
        }
    }

    internal override void RequireShapes(TensorSpec output, Shape target)
    {
        // One output and a plain 0 or 1 a target is the usual two-class case.
        if (target.Rank == 0 && output.Shape.WithoutBatch().ElementCount == 1)
        {
            return;
        }

        base.RequireShapes(output, target);
    }

    internal override string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}, from logits: {FromLogits}, label smoothing {LabelSmoothing}");

    internal override int? ClassOf(ReadOnlySpan<float> target) => target.Length == 1 ? (target[0] > 0.5f ? 1 : 0) : null;

    internal override int? ClassCount(TensorSpec output) => RowLength(output) == 1 ? 2 : null;

    internal override float Example(
        bool fused, ReadOnlySpan<float> source, ReadOnlySpan<float> target, int classes, float scale, Span<float> gradient)
    {
        float share = scale / source.Length;
        double total = 0;
        for (int index = 0; index < source.Length; index++)
        {
            float value = source[index];
            float wanted = (target[index] * (1 - _labelSmoothing)) + (_labelSmoothing / 2);
            if (fused || FromLogits)
            {
                total += MathF.Max(value, 0) - (value * wanted) + Math.Log(1 + Math.Exp(-MathF.Abs(value)));
                if (!gradient.IsEmpty)
                {
                    gradient[index] = share * ((1 / (1 + MathF.Exp(-value))) - wanted);
                }
            }
            else
            {
                float probability = CategoricalRow.Clip(value);
                total -= (wanted * Math.Log(probability)) + ((1 - wanted) * Math.Log(1 - probability));
                if (!gradient.IsEmpty)
                {
                    gradient[index] = share * (probability - wanted) / (probability * (1 - probability));
                }
            }
        }

        return (float)(total / source.Length);
    }
}
