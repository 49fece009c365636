using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Sepal.Inference;

/// <summary>What the steps of a run take, beside what the machine could do.</summary>
public sealed record InferenceProfile
{
    /// <summary>The steps, in the order in which they run.</summary>
    public required ImmutableArray<StepProfile> Steps { get; init; }

    /// <summary>The inputs, with the shapes that were run.</summary>
    public required ImmutableArray<TensorInfo> Inputs { get; init; }

    /// <summary>The median milliseconds of a whole run, without clocks between its steps.</summary>
    public required double RunMilliseconds { get; init; }

    /// <summary>How many runs the medians are of.</summary>
    public required int Runs { get; init; }

    /// <summary>Threads that computed each step.</summary>
    public required int Threads { get; init; }

    /// <summary>
    /// What the machine can do at most, by <see cref="Costs.MachinePeak.Measure"/> for as many threads, measured before and
    /// after; in GFLOP/s.
    /// </summary>
    public required double PeakGigaflops { get; init; }

    /// <summary>The medians of the steps, added up, in milliseconds.</summary>
    public double StepMilliseconds => Steps.Sum(step => step.Milliseconds);

    /// <summary>MACs of a run, for the whole batch.</summary>
    public long MultiplyAccumulates => Steps.Sum(step => step.MultiplyAccumulates);

    /// <summary>GFLOP/s of a whole run; one MAC is two operations, and nothing else is counted.</summary>
    public double Gigaflops => StepProfile.Rate(2.0 * MultiplyAccumulates, RunMilliseconds);

    /// <summary>The share of <see cref="PeakGigaflops"/> that a whole run comes to.</summary>
    public double ShareOfPeak => Gigaflops / PeakGigaflops;
}

/// <summary>A step of a plan, and what it takes.</summary>
public sealed record StepProfile : PlanStep
{
    [SetsRequiredMembers]
    internal StepProfile(PlanStep step, double milliseconds)
        : base(step) => Milliseconds = milliseconds;

    /// <summary>The median milliseconds.</summary>
    public double Milliseconds { get; }

    /// <summary>GFLOP/s; one MAC is two operations, and nothing else is counted.</summary>
    public double Gigaflops => Rate(2.0 * MultiplyAccumulates, Milliseconds);

    /// <summary>GB/s, in 10⁹ bytes.</summary>
    public double GigabytesPerSecond => Rate(Bytes, Milliseconds);

    internal static double Rate(double count, double milliseconds) => milliseconds > 0 ? count / milliseconds / 1e6 : 0;
}
