using Sepal.Kernels.Optimizers;
using Sepal.Training.Schedules;

namespace Sepal.Training.Optimizers;

/// <summary>How parameters follow their gradients. An optimizer is a description: its state lives with the training run.</summary>
public abstract class Optimizer
{
    private protected Optimizer(LearningRateSchedule learningRate)
    {
        ArgumentNullException.ThrowIfNull(learningRate);
        LearningRate = learningRate;
    }

    /// <summary>The learning rate, constant or by step.</summary>
    public LearningRateSchedule LearningRate { get; init; }

    /// <summary>Keras's name, for example <c>adam</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The settings beside the schedule, as a checkpoint compares them.</summary>
    internal abstract string Describe();

    /// <summary>How many numbers the optimizer remembers for each parameter.</summary>
    internal abstract int StateCount { get; }

    /// <summary>The update of one step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <returns>The kernel and its numbers for this step.</returns>
    internal abstract ParameterUpdate UpdateFor(long step);

    private protected static float RequireShare(float value, string name) => value is >= 0 and < 1
        ? value
        : throw new SepalException($"The optimizer's {name} is {value}. Give a number of at least 0 and below 1.");

    private protected static float RequireDecay(float value) => value is >= 0 and < float.PositiveInfinity
        ? value
        : throw new SepalException($"The optimizer's weight decay is {value}. Give a number of at least 0, for example 0.004.");

    private protected static float RequireEpsilon(float value) => value is > 0 and < float.PositiveInfinity
        ? value
        : throw new SepalException(
            $"The optimizer's epsilon is {value}. Give a small number above 0, for example 1e-7: it keeps a step without gradient from dividing by zero.");
}
