using Sepal.Graphs;
using Sepal.Training.Losses;

namespace Sepal.Training;

/// <summary>What the steps of a fit make small: the loss, each example's weighed by its class where wanted.</summary>
/// <param name="loss">The loss.</param>
internal sealed class Objective(Loss loss)
{
    /// <summary>The loss.</summary>
    public Loss Loss { get; } = loss;

    /// <summary>One factor a class; null for none. Read at every step, so that plans outlive a fit.</summary>
    public float[]? ClassWeights { get; private set; }

    /// <summary>The teacher's part; null for none. Likewise.</summary>
    public Distillation? Distillation { get; private set; }

    /// <summary>The share of the loss itself.</summary>
    public float LossShare => Distillation is { } distillation ? (float)(1 - distillation.Alpha) : 1;

    /// <summary>What an example's loss and gradient are multiplied by.</summary>
    public float WeightOf(ReadOnlySpan<float> target) =>
        ClassWeights is { } weights && Loss.ClassOf(target) is { } @class ? weights[@class] : 1;

    /// <summary>Takes a fit's options.</summary>
    /// <exception cref="TrainingException">The weights do not fit the model or the loss.</exception>
    public void Begin(FitOptions options, Graph graph)
    {
        TensorSpec output = graph.Outputs[0].Spec;
        Distillation = options.Distillation;
        if (Distillation is not null && !Loss.ReadsLogits(graph))
        {
            throw new TrainingException(
                $"Distillation needs the logits of classes, but the loss is {Loss.Name} on the output {output.Describe()} without them. "
                + "End the model in a softmax, or give a categorical cross-entropy FromLogits.");
        }

        ClassWeights = options.ClassWeights is { } weights ? [.. weights] : null;
        if (ClassWeights is null)
        {
            return;
        }

        int classes = Loss.ClassCount(output) ?? throw new TrainingException(
            $"Class weights need a cross-entropy loss and one class an example, but the loss is {Loss.Name} and the output {output.Describe()}. "
            + "Leave ClassWeights out.");
        if (ClassWeights.Length != classes)
        {
            throw new TrainingException(
                $"{ClassWeights.Length} class weights were given, but the model tells {classes} classes apart. Give one for each, in the classes' order.");
        }

        foreach ((int index, float weight) in ClassWeights.Index())
        {
            if (weight is not (>= 0 and < float.PositiveInfinity))
            {
                throw new TrainingException($"The weight of class {index} is {weight}. Give a number of at least 0; 1 leaves a class as it is.");
            }
        }
    }
}
