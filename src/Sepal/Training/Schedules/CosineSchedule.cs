namespace Sepal.Training.Schedules;

/// <summary>
/// A rate that falls along half a cosine: <c>final + (initial − final)·(1 + cos(π·step / steps)) / 2</c>, and stays
/// (Loshchilov and Hutter, arXiv 1608.03983, without restarts).
/// </summary>
/// <param name="InitialRate">The rate of the first step.</param>
/// <param name="Steps">Steps until the final rate.</param>
/// <param name="FinalRate">The rate from then on.</param>
public sealed record CosineSchedule(double InitialRate, long Steps, double FinalRate = 0) : LearningRateSchedule
{
    /// <summary>The rate of the first step.</summary>
    public double InitialRate { get; init; } = RequireRate(InitialRate, "initial learning rate");

    /// <summary>Steps until the final rate.</summary>
    public long Steps { get; init; } = RequireSteps(Steps, "number of steps");

    /// <summary>The rate from then on.</summary>
    public double FinalRate { get; init; } = RequireRate(FinalRate, "final learning rate");

    /// <inheritdoc/>
    public override double At(long step)
    {
        double share = Math.Min((double)step / Steps, 1);
        return FinalRate + ((InitialRate - FinalRate) * 0.5 * (1 + Math.Cos(Math.PI * share)));
    }
}
