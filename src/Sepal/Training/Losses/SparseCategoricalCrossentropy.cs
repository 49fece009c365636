using System.Globalization;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Training.Losses;

/// <summary>
/// <c>−log p(class)</c> where the target is a class number. On a model that ends in softmax it is computed from the logits
/// before it, as <c>log Σ e^x − x(class)</c>, with the gradient <c>softmax(x) − onehot</c>.
/// </summary>
/// <remarks>PyTorch's <c>CrossEntropyLoss</c> is this with <see cref="FromLogits"/>.</remarks>
public sealed class SparseCategoricalCrossentropy : Loss
{
    private readonly float _labelSmoothing;

    /// <summary>Whether the model's output is logits rather than probabilities.</summary>
    public bool FromLogits { get; init; }

    /// <summary>
    /// The share ε of the target that is spread evenly over all classes, the true one too: <c>1 − ε + ε/classes</c> for it,
    /// <c>ε/classes</c> for the others (Szegedy et al., arXiv 1512.00567, section 7). 0 for none.
    /// </summary>
    /// <exception cref="SepalException">It is not at least 0 and below 1.</exception>
    public float LabelSmoothing
    {
        get => _labelSmoothing;
        init => _labelSmoothing = RequireSmoothing(value);
    }

    /// <inheritdoc/>
    public override string Name => "sparse_categorical_crossentropy";

    internal override Value Source(Graph graph) =>
        FromLogits ? graph.Outputs[0] : BeforeActivation(graph, new Softmax());

    internal override void RequireShapes(TensorSpec output, Shape target)
    {
        Shape positions = [.. output.Shape.WithoutBatch().SkipLast(1)];
        if (!positions.Equals(target))
        {
            throw new TrainingException(
                $"The loss {Name} needs one class number for each position of the output {output.Describe()}, that is targets of "
                + $"the shape {positions} for one example, but they have the shape {target}. "
                + "For one-hot targets use CategoricalCrossentropy.");
        }
    }

    internal override void RequireTargets(ReadOnlySpan<float> targets, int classes)
    {
        foreach (float target in targets)
        {
            if (!(target >= 0 && target < classes && target == MathF.Floor(target)))
            {
                throw new TrainingException(
                    $"A target is {target}, but the model has {classes} classes: expected a whole number from 0 to {classes - 1}. "
                    + "Correct the labels, or give the last layer more units.");
            }
        }
    }

    internal override bool ReadsLogits(Graph graph) => FromLogits || Source(graph) != graph.Outputs[0];

    internal override string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}, from logits: {FromLogits}, label smoothing {LabelSmoothing}");

    internal override int? ClassOf(ReadOnlySpan<float> target) => target.Length == 1 ? (int)target[0] : null;

    internal override int? ClassCount(TensorSpec output) => RowLength(output);

    internal override float Example(
        bool fused, ReadOnlySpan<float> source, ReadOnlySpan<float> target, int classes, float scale, Span<float> gradient)
    {
        double total = 0;
        float share = scale / target.Length;
        for (int position = 0; position < target.Length; position++)
        {
            ReadOnlySpan<float> row = source.Slice(position * classes, classes);
            int @class = (int)target[position];
            Span<float> rowGradient = gradient.IsEmpty ? [] : gradient.Slice(position * classes, classes);
            total += fused || FromLogits
                ? CategoricalRow.OfLogits(row, @class, _labelSmoothing, share, rowGradient)
                : CategoricalRow.OfProbabilities(row, @class, _labelSmoothing, share, rowGradient);
        }

        return (float)(total / target.Length);
    }
}
