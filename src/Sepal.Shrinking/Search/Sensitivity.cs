using System.Collections.Immutable;

namespace Sepal.Shrinking.Search;

/// <summary>Measures how far the network's outputs move when one layer is replaced, for every candidate of every layer.</summary>
internal static class Sensitivity
{
    /// <summary>Measures it.</summary>
    /// <param name="layers">The layers and their candidates.</param>
    /// <param name="maker">Makes the networks.</param>
    /// <param name="judge">Measures them.</param>
    /// <param name="options">Where progress goes.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The layers with the losses of their candidates.</returns>
    public static ImmutableArray<SearchLayer> Measure(
        ImmutableArray<SearchLayer> layers, NetworkMaker maker, NetworkJudge judge, ShrinkOptions options, CancellationToken cancellation)
    {
        int total = layers.Sum(layer => layer.Candidates.Length);
        int done = 0;
        return [.. layers.Select(layer => layer with { Candidates = [.. layer.Candidates.Select(candidate => Measure(layer, candidate))] })];

        LayerCandidate Measure(SearchLayer layer, LayerCandidate candidate)
        {
            cancellation.ThrowIfCancellationRequested();
            options.Progress?.Invoke(new ShrinkProgress(ShrinkStage.Sensitivity, $"{layer.Name}, rank {candidate.Rank}", done++, total));
            using Model network = maker.Try(layer.Name, candidate, cancellation);
            Judgement judgement = judge.Judge(network, cancellation);
            return candidate with
            {
                Figures = candidate.Figures with { Loss = judgement.Loss },
                QualityDrop = judge.Original.Quality - judgement.Quality,
            };
        }
    }
}
