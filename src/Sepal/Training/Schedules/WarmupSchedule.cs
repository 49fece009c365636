namespace Sepal.Training.Schedules;

/// <summary>A rate that rises in a straight line to that of another schedule, which starts when it is reached.</summary>
/// <param name="Steps">Steps of the rise.</param>
/// <param name="After">What follows, counted from its own step 0.</param>
public sealed record WarmupSchedule(long Steps, LearningRateSchedule After) : LearningRateSchedule
{
    /// <summary>Steps of the rise.</summary>
    public long Steps { get; init; } = RequireSteps(Steps, "number of warm-up steps");

    /// <summary>What follows, counted from its own step 0.</summary>
    public LearningRateSchedule After { get; init; } = After ?? throw new ArgumentNullException(nameof(After));

    /// <inheritdoc/>
    public override double At(long step) =>
        step < Steps ? After.At(0) * (step + 1) / Steps : After.At(step - Steps);
}
