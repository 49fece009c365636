using Sepal.Graphs;

namespace Sepal.Training.Losses;

/// <summary>
/// What training makes small: a number for every example, of which the batch's mean is taken.
/// </summary>
public abstract class Loss
{
    /// <summary>Keras's name, for example <c>sparse_categorical_crossentropy</c>.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// The value that the loss reads: the model's output, or what stands before the output's softmax or sigmoid where the
    /// two are computed together, which is more exact.
    /// </summary>
    /// <param name="graph">The model.</param>
    /// <returns>A value of the graph.</returns>
    internal virtual Value Source(Graph graph) => graph.Outputs[0];

    /// <summary>Refuses targets of the wrong shape.</summary>
    /// <param name="output">The model's output, batch included.</param>
    /// <param name="target">The shape of one target.</param>
    /// <exception cref="TrainingException">The shapes do not fit.</exception>
    internal virtual void RequireShapes(TensorSpec output, Shape target)
    {
        if (!output.Shape.WithoutBatch().Equals(target))
        {
            throw new TrainingException(
                $"The loss {Name} compares the output {output.Describe()} with targets of the shape {target} for one example. "
                + $"Give targets of the shape {output.Shape.WithoutBatch()}, or change the model's output.");
        }
    }

    /// <summary>Refuses targets that no output can match, such as a class number that is too large.</summary>
    /// <param name="targets">The targets of a batch.</param>
    /// <param name="classes">The output's last dimension.</param>
    /// <exception cref="TrainingException">A target is impossible; names it.</exception>
    internal virtual void RequireTargets(ReadOnlySpan<float> targets, int classes)
    {
    }

    /// <summary>The loss of one example, and its gradient.</summary>
    /// <param name="fused">Whether <paramref name="source"/> is what <see cref="Source"/> found before the last activation.</param>
    /// <param name="source">The example's values.</param>
    /// <param name="target">The example's target.</param>
    /// <param name="classes">The last dimension of the values.</param>
    /// <param name="scale">What the gradient is multiplied by: 1 / batch.</param>
    /// <param name="gradient">Is filled with the gradient by <paramref name="source"/>; empty when it is not wanted.</param>
    /// <returns>The loss of this example.</returns>
    internal abstract float Example(
        bool fused, ReadOnlySpan<float> source, ReadOnlySpan<float> target, int classes, float scale, Span<float> gradient);

    /// <summary>Whether <see cref="Source"/> is the logits of classes.</summary>
    internal virtual bool ReadsLogits(Graph graph) => false;

    /// <summary>The settings beside the name, as a checkpoint compares them.</summary>
    internal virtual string Describe() => Name;

    /// <summary>
    /// The class that an example belongs to, for weights by class.
    /// </summary>
    /// <param name="target">The example's target.</param>
    /// <returns>The class number; null where the loss knows no classes, or the target has more than one position.</returns>
    internal virtual int? ClassOf(ReadOnlySpan<float> target) => null;

    /// <summary>How many classes the targets tell apart, for weights by class.</summary>
    /// <param name="output">The model's output, batch included.</param>
    /// <returns>The count; null where an example has no single class.</returns>
    internal virtual int? ClassCount(TensorSpec output) => null;

    private protected static float RequireSmoothing(float value) => value is >= 0 and < 1
        ? value
        : throw new SepalException($"The label smoothing is {value}. Give a number of at least 0 and below 1, for example 0.1.");

    /// <summary>The last dimension of an output that is one row an example.</summary>
    private protected static int? RowLength(TensorSpec output) =>
        output.Rank == 2 ? checked((int)output.Channels.Value) : null;

    /// <summary>The input of the output's last activation, if it is the one given; else the output itself.</summary>
    private protected static Value BeforeActivation(Graph graph, Operators.Operator activation) =>
        graph.Producer(graph.Outputs[0]) is { } node && node.Operator == activation ? node.Inputs[0] : graph.Outputs[0];
}
