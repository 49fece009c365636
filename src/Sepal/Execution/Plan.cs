using System.Collections.Immutable;

namespace Sepal.Execution;

/// <summary>
/// A flat list of kernel calls for concrete shapes, over one arena whose layout is fixed. Running it allocates nothing.
/// </summary>
internal sealed class Plan
{
    public required ImmutableArray<Step> Steps { get; init; }

    /// <summary>What is run once, before the first run and after the parameters changed: packing kernels.</summary>
    public required ImmutableArray<Step> Preparation { get; init; }

    public required long ArenaBytes { get; init; }

    /// <summary>Bytes of the space that <see cref="Preparation"/> writes.</summary>
    public required long PreparedBytes { get; init; }

    /// <summary>Scratch bytes that each worker needs.</summary>
    public required long ScratchBytes { get; init; }
}
