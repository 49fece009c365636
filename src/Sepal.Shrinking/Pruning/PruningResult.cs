using System.Collections.Immutable;

namespace Sepal.Shrinking;

/// <summary>What pruning made.</summary>
/// <param name="Model">A new model; the one that was given stays as it is.</param>
/// <param name="Groups">What became of the channels, group by group, in graph order.</param>
public sealed record PruningResult(Model Model, ImmutableArray<PruningGroup> Groups);

/// <summary>Layers whose channels go together, as those that are added up do.</summary>
/// <param name="Layers">The names of the convolutions and dense layers that make the channels.</param>
/// <param name="Channels">The channels that they make, all together.</param>
/// <param name="Kept">How many of them are left.</param>
public sealed record PruningGroup(ImmutableArray<string> Layers, int Channels, int Kept)
{
    /// <summary>Why the channels stay; null where they could go.</summary>
    public string? Reason { get; init; }
}
