using System.Collections.Immutable;
using Sepal.Costs;
using Sepal.Shrinking.Search;
using Sepal.Shrinking.Timing;
using static System.FormattableString;

namespace Sepal.Shrinking;

/// <summary>
/// Turns a trained network's standard convolutions into separable ones, within a budget: lists what could stand in the place of each,
/// times it, measures what it loses, chooses, and corrects and fine-tunes the result. Each step is usable alone:
/// <see cref="KernelDecomposition"/>, <see cref="DecouplingRewrite"/>, <see cref="LayerTimer"/>, <see cref="NetworkJudge"/>,
/// <see cref="LayerKnapsack"/>, <see cref="FineTuner"/>.
/// </summary>
public static class Shrinker
{
    /// <summary>Shrinks a network.</summary>
    /// <param name="model">A trained network with one input, images, and one output; any graph. It stays as it is.</param>
    /// <param name="data">Images that fit it.</param>
    /// <param name="options">What it is to be shrunk to; a point of accuracy may be lost where not given.</param>
    /// <param name="cancellationToken">Ends it between two kernel calls.</param>
    /// <returns>The shrunk network, and what was done and why; dispose of it.</returns>
    /// <exception cref="ShrinkException">There is nothing to shrink, or the budget cannot be met; says the best reachable.</exception>
    /// <exception cref="SepalException">An option makes no sense, or the images do not fit the network.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ShrinkResult Shrink(
        Model model, ShrinkData data, ShrinkOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new ShrinkOptions();
        options.Check();
        options.Progress?.Invoke(new ShrinkProgress(ShrinkStage.Original, "measuring the original", 0, 0));
        var judge = new NetworkJudge(model, data.Search, data.HasLabels, options.Threads, cancellationToken);
        NetworkJudge heldOut = data.HeldOut is { } images
            ? new NetworkJudge(model, images, data.HasLabels, options.Threads, cancellationToken)
            : judge;
        var table = new CandidateTable(model, options);
        ImmutableArray<SearchLayer> layers = table.Build(cancellationToken);
        RequireCandidates(layers);
        var maker = new NetworkMaker(model, data, table, options);
        layers = Sensitivity.Measure(layers, maker, Few(model, data, judge, options, cancellationToken), options, cancellationToken);
        NetworkFigures original = Figures(model, ModelTimer.Measure(
            [model], options.TimedBatch, options.Threads, options.SecondsPerLayer, cancellationToken)[0]);
        var search = new NetworkSearch(layers, original, maker, judge, options);
        LayerChoice choice = search.Run(cancellationToken);
        return Finish(model, layers, search, choice, maker, (judge, heldOut), options, cancellationToken);
    }

    /// <summary>Measures the candidates of one layer on as many images as the options say, spread over all.</summary>
    private static NetworkJudge Few(Model model, ShrinkData data, NetworkJudge all, ShrinkOptions options, CancellationToken cancellation) =>
        data.Search.Count <= options.Images
            ? all
            : new NetworkJudge(
                model,
                new ImageSelection(data.Search, ImageSelection.Spread(data.Search, options.Images)),
                data.HasLabels,
                options.Threads,
                cancellation);

    private static ShrinkResult Finish(
        Model model,
        ImmutableArray<SearchLayer> layers,
        NetworkSearch search,
        LayerChoice choice,
        NetworkMaker maker,
        (NetworkJudge Search, NetworkJudge HeldOut) judges,
        ShrinkOptions options,
        CancellationToken cancellation)
    {
        var stages = ImmutableArray.CreateBuilder<StageQuality>();
        stages.Add(new StageQuality(ShrinkStage.Original, judges.Search.Original.Quality, judges.HeldOut.Original.Quality));
        Model shrunk = maker.Finish(search.Chosen(choice), Judge, cancellation);
        try
        {
            double drop = stages[0].Search - stages[^1].Search;
            if (drop > options.AccuracyDrop)
            {
                throw search.TooMuchLost(drop, cancellation);
            }

            options.Progress?.Invoke(new ShrinkProgress(ShrinkStage.Timing, "both networks", 0, 0));
            ImmutableArray<double> times = ModelTimer.Measure(
                [model, shrunk], options.TimedBatch, options.Threads, 4 * options.SecondsPerLayer, cancellation);
            return new ShrinkResult
            {
                Model = shrunk,
                QualityKind = judges.Search.Kind,
                Stages = stages.DrainToImmutable(),
                Layers = [.. layers.Zip(choice.Candidates).Select(pair => Decision(pair.First, pair.Second, options))],
                Original = Figures(model, times[0]),
                Shrunk = Figures(shrunk, times[1]),
                Networks = search.Points(choice),
                SearchImages = judges.Search.Count,
                HeldOutImages = ReferenceEquals(judges.Search, judges.HeldOut) ? 0 : judges.HeldOut.Count,
            };
        }
        catch
        {
            shrunk.Dispose();
            throw;
        }

        void Judge(ShrinkStage stage, Model network)
        {
            options.Progress?.Invoke(new ShrinkProgress(stage, "measuring", 0, 0));
            double quality = judges.Search.Judge(network, cancellation).Quality;
            stages.Add(new StageQuality(
                stage,
                quality,
                ReferenceEquals(judges.Search, judges.HeldOut) ? quality : judges.HeldOut.Judge(network, cancellation).Quality));
        }
    }

    private static void RequireCandidates(ImmutableArray<SearchLayer> layers)
    {
        if (layers.IsEmpty)
        {
            throw new ShrinkException("The network has no convolution, so that there is nothing to shrink. Give a convolutional network.");
        }

        if (layers.All(layer => layer.Candidates.IsEmpty))
        {
            IEnumerable<string> reasons = layers
                .GroupBy(layer => layer.ReasonToKeep)
                .OrderByDescending(group => group.Count())
                .Take(3)
                .Select(group => $"{group.Count()} of {layers.Length}: {group.Key}");
            throw new ShrinkException($"The network has no convolution to shrink. {string.Join("; ", reasons)}. Give a network with standard convolutions that take time.");
        }
    }

    private static NetworkFigures Figures(Model model, double milliseconds)
    {
        var cost = ModelCost.Of(model.Graph);
        return new NetworkFigures(cost.MultiplyAccumulates, cost.TotalParameters, milliseconds);
    }

    private static LayerDecision Decision(SearchLayer layer, int index, ShrinkOptions options)
    {
        LayerCandidate? candidate = index > 0 ? layer.Candidates[index - 1] : null;
        LayerFigures before = Of(layer.Original);
        return new LayerDecision
        {
            Name = layer.Name,
            Form = candidate?.Form,
            Rank = candidate?.Rank ?? 0,
            ReconstructionError = candidate?.ReconstructionError ?? 0,
            Loss = candidate?.Figures.Loss ?? 0,
            QualityDrop = candidate?.QualityDrop ?? 0,
            Before = before,
            After = candidate is null ? before : Of(candidate.Figures),
            Reason = candidate is null ? layer.ReasonToKeep ?? Kept(layer) : Replaced(layer, candidate, options),
        };

        LayerFigures Of(CandidateFigures figures) =>
            new(figures.MultiplyAccumulates, figures.Parameters, layer.IsTimed ? figures.Milliseconds : null);
    }

    private static string Kept(SearchLayer layer)
    {
        LayerCandidate best = layer.Candidates.MinBy(candidate => candidate.Figures.Loss)!;
        double gain = layer.Original.Milliseconds - best.Figures.Milliseconds;
        return Invariant($"too little gained for what is lost: {Names.Of(best.Form)}, rank {best.Rank}, saves {gain:0.0000} ms and loses {100 * best.QualityDrop:0.00} points alone");
    }

    private static string Replaced(SearchLayer layer, LayerCandidate candidate, ShrinkOptions options)
    {
        string reason = options.LimitsCost ? "least loss within the limits" : "most time saved within the loss";
        return Invariant($"{layer.Original.Milliseconds / candidate.Figures.Milliseconds:0.00} times as fast alone, {reason}");
    }
}
