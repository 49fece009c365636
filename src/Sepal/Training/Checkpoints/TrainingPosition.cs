namespace Sepal.Training.Checkpoints;

/// <summary>Where a fit stands between two steps.</summary>
internal sealed record TrainingPosition
{
    /// <summary>The epoch under way, from 1; one more than the last where all are done.</summary>
    public required int Epoch { get; init; }

    /// <summary>How many examples of that epoch's order are done.</summary>
    public int Examples { get; init; }

    /// <summary>The means over them; null at an epoch's start.</summary>
    public RunningMeans? Means { get; init; }

    /// <summary>How long the epoch has taken so far.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Whether a callback has asked to stop.</summary>
    public bool Stopped { get; init; }

    /// <summary>The epochs that are done.</summary>
    public IReadOnlyList<EpochResult> Completed { get; init; } = [];
}
