namespace Sepal.Training.Schedules;

/// <summary>The learning rate as a function of the step. A plain number converts to a constant one.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>The rate of a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <returns>The rate.</returns>
    public abstract double At(long step);

    /// <summary>The same rate at every step.</summary>
    /// <param name="rate">The rate.</param>
    public static implicit operator LearningRateSchedule(double rate) => new ConstantSchedule(rate);

    /// <summary>The same rate at every step.</summary>
    /// <param name="rate">The rate.</param>
    /// <returns>The schedule.</returns>
    public static LearningRateSchedule FromDouble(double rate) => rate;

    private protected static double RequireRate(double rate, string name) => rate is >= 0 and < double.PositiveInfinity
        ? rate
        : throw new SepalException($"The {name} is {rate}. Give a number of at least 0, for example 0.001.");

    private protected static long RequireSteps(long steps, string name) => steps >= 1
        ? steps
        : throw new SepalException($"The {name} is {steps}. Give at least 1 step.");
}

/// <summary>The same rate at every step.</summary>
/// <param name="Rate">The rate.</param>
public sealed record ConstantSchedule(double Rate) : LearningRateSchedule
{
    /// <summary>The rate.</summary>
    public double Rate { get; init; } = RequireRate(Rate, "learning rate");

    /// <inheritdoc/>
    public override double At(long step) => Rate;
}
