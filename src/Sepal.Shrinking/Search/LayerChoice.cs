using System.Collections.Immutable;

namespace Sepal.Shrinking.Search;

/// <summary>One candidate for each layer.</summary>
/// <param name="Candidates">The number of each layer's candidate, in the layers' order.</param>
/// <param name="Total">What they come to together.</param>
public sealed record LayerChoice(ImmutableArray<int> Candidates, CandidateFigures Total);
