namespace Sepal.Training.Schedules;

/// <summary>A rate that is multiplied by a factor every so many steps: <c>initial · factor^⌊step / every⌋</c>.</summary>
/// <param name="InitialRate">The rate of the first steps.</param>
/// <param name="Every">Steps between two drops.</param>
/// <param name="Factor">What each drop multiplies by.</param>
public sealed record StepSchedule(double InitialRate, long Every, double Factor = 0.1) : LearningRateSchedule
{
    /// <summary>The rate of the first steps.</summary>
    public double InitialRate { get; init; } = RequireRate(InitialRate, "initial learning rate");

    /// <summary>Steps between two drops.</summary>
    public long Every { get; init; } = RequireSteps(Every, "number of steps between two drops");

    /// <summary>What each drop multiplies by.</summary>
    public double Factor { get; init; } = RequireRate(Factor, "factor");

    /// <inheritdoc/>
    public override double At(long step) => InitialRate * Math.Pow(Factor, step / Every);
}
