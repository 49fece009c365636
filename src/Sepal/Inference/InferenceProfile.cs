using System.Collections.Immutable;

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

/// <summary>What one step of a run takes: one kernel call, for one node of the model or for several that it computes together.</summary>
public sealed record StepProfile
{
    /// <summary>The node it belongs to; of several, the one that the step is named after.</summary>
    public required string Name { get; init; }

    /// <summary>What it does there: <c>forward</c> for the node's work, otherwise what is done for it.</summary>
    public required string Action { get; init; }

    /// <summary>All nodes of the model that it computes, in their order.</summary>
    public required ImmutableArray<ProfiledNode> Nodes { get; init; }

    /// <summary>The median milliseconds.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>MACs for the whole batch. Where several steps are for one node, the last of them has its counts.</summary>
    public required long MultiplyAccumulates { get; init; }

    /// <summary>Bytes read and written, parameters included, for the whole batch; what stays inside the step does not count.</summary>
    public required long Bytes { get; init; }

    /// <summary>Into how many parts the work falls, which threads share.</summary>
    public required int Parts { get; init; }

    /// <summary>GFLOP/s; one MAC is two operations, and nothing else is counted.</summary>
    public double Gigaflops => Rate(2.0 * MultiplyAccumulates, Milliseconds);

    /// <summary>GB/s, in 10⁹ bytes.</summary>
    public double GigabytesPerSecond => Rate(Bytes, Milliseconds);

    internal static double Rate(double count, double milliseconds) => milliseconds > 0 ? count / milliseconds / 1e6 : 0;
}

/// <summary>A node that a step computes.</summary>
/// <param name="Name">Its name, a path.</param>
/// <param name="Kind">
/// What it is: <c>standard</c>, <c>depthwise</c>, <c>pointwise</c> or <c>grouped</c> for a convolution, or the operator's name in
/// lower case.
/// </param>
public sealed record ProfiledNode(string Name, string Kind);
