using System.Collections.Immutable;

namespace Sepal.Shrinking.Search;

/// <summary>A convolution, and what could stand in its place.</summary>
public sealed record SearchLayer
{
    /// <summary>The convolution's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it costs as it is; its milliseconds are 0 where no candidate was timed against it.</summary>
    public required CandidateFigures Original { get; init; }

    /// <summary>Why there is no candidate; null where there are some.</summary>
    public string? ReasonToKeep { get; init; }

    /// <summary>Whether it was timed.</summary>
    public bool IsTimed { get; init; }

    /// <summary>Candidates that are faster than the layer, measured; none where it stays as it is.</summary>
    public ImmutableArray<LayerCandidate> Candidates { get; init; } = [];

    /// <summary>The figures to choose from: the layer as it is, then its candidates.</summary>
    internal ImmutableArray<CandidateFigures> Figures => [Original, .. Candidates.Select(candidate => candidate.Figures)];
}
