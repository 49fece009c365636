using System.Collections.Immutable;
using Sepal.Shrinking.Timing;
using static System.FormattableString;

namespace Sepal.Shrinking.Search;

/// <summary>
/// Chooses what becomes of every layer: by what its candidates cost and lose alone, then corrected by real networks, until the
/// budget holds as measured.
/// </summary>
internal sealed class NetworkSearch
{
    private const int OverviewProbes = 5;
    private const int Bisections = 5;
    private const int FineTunedProbes = 3;
    private const int SpeedAttempts = 5;

    // Aimed for a little above what was asked, so that a second measurement need not fall below it.
    private const double SpeedMargin = 1.02;

    private readonly ImmutableArray<SearchLayer> _layers;
    private readonly ImmutableArray<ImmutableArray<CandidateFigures>> _figures;
    private readonly NetworkFigures _original;
    private readonly NetworkMaker _maker;
    private readonly NetworkJudge _judge;
    private readonly ShrinkOptions _options;
    private readonly CandidateFigures _layersAsTheyAre;
    private readonly List<(LayerChoice Choice, Judgement Judgement)> _measured = [];

    public NetworkSearch(
        ImmutableArray<SearchLayer> layers, NetworkFigures original, NetworkMaker maker, NetworkJudge judge, ShrinkOptions options)
    {
        _layers = layers;
        _original = original;
        _maker = maker;
        _judge = judge;
        _options = options;
        _figures = [.. layers.Select(layer => layer.Figures)];
        _layersAsTheyAre = layers.Aggregate(default(CandidateFigures), (sum, layer) => sum + layer.Original);
    }

    /// <summary>Finds the choice that the options ask for.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The choice.</returns>
    /// <exception cref="ShrinkException">The budget cannot be met.</exception>
    public LayerChoice Run(CancellationToken cancellation) =>
        _options.LimitsCost ? WithinCost(cancellation) : WithinDrop(FigureKind.Milliseconds, _options.FineTuneEpochs > 0, cancellation);

    /// <summary>The networks that were measured, with the original, by their time.</summary>
    /// <param name="chosen">Which was chosen.</param>
    /// <returns>The points.</returns>
    public ImmutableArray<ParetoPoint> Points(LayerChoice chosen) => ParetoPoint.Mark(
        _measured.Select(network => Point(network.Choice, network.Judgement.Quality) with { IsChosen = Same(network.Choice, chosen) })
            .Append(Point(new LayerChoice([.. _layers.Select(_ => 0)], _layersAsTheyAre), _judge.Original.Quality) with
            {
                IsChosen = chosen.Candidates.All(candidate => candidate == 0),
            }));

    /// <summary>Measures a network, unless it was measured already.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>How it does, before fine-tuning.</returns>
    public Judgement Measure(LayerChoice choice, CancellationToken cancellation)
    {
        if (choice.Candidates.All(candidate => candidate == 0))
        {
            return _judge.Original;
        }

        foreach ((LayerChoice known, Judgement judgement) in _measured)
        {
            if (Same(known, choice))
            {
                return judgement;
            }
        }

        int replaced = choice.Candidates.Count(candidate => candidate > 0);
        _options.Progress?.Invoke(new ShrinkProgress(ShrinkStage.Search, $"a network with {replaced} layers replaced", _measured.Count, 0));
        using Model network = _maker.Make(Chosen(choice), cancellation);
        Judgement result = _judge.Judge(network, cancellation);
        _measured.Add((choice, result));
        return result;
    }

    /// <summary>The candidates of a choice.</summary>
    /// <param name="choice">The choice.</param>
    /// <returns>By the names of the layers that are replaced.</returns>
    public Dictionary<string, LayerCandidate> Chosen(LayerChoice choice)
    {
        var chosen = new Dictionary<string, LayerCandidate>(StringComparer.Ordinal);
        foreach ((SearchLayer layer, int candidate) in _layers.Zip(choice.Candidates))
        {
            if (candidate > 0)
            {
                chosen.Add(layer.Name, layer.Candidates[candidate - 1]);
            }
        }

        return chosen;
    }

    private static bool Same(LayerChoice left, LayerChoice right) => left.Candidates.SequenceEqual(right.Candidates);

    private ParetoPoint Point(LayerChoice choice, double quality)
    {
        CandidateFigures total = Network(choice.Total);
        return new ParetoPoint
        {
            MultiplyAccumulates = total.MultiplyAccumulates,
            Parameters = total.Parameters,
            Milliseconds = total.Milliseconds,
            Quality = quality,
            Replaced = choice.Candidates.Count(candidate => candidate > 0),
        };
    }

    /// <summary>What the whole network comes to when its layers come to a sum.</summary>
    private CandidateFigures Network(CandidateFigures layers) => new(
        _original.MultiplyAccumulates - _layersAsTheyAre.MultiplyAccumulates + layers.MultiplyAccumulates,
        _original.Parameters - _layersAsTheyAre.Parameters + layers.Parameters,
        _original.Milliseconds - (Share * (_layersAsTheyAre.Milliseconds - layers.Milliseconds)),
        layers.Loss);

    /// <summary>
    /// What a millisecond saved by a layer alone saves in the network: layers timed alone, each with a beginning and an end of its own
    /// and on a machine that may have been disturbed, may come to more than the network that they are part of.
    /// </summary>
    private double Share => Math.Min(1, _original.Milliseconds / _layersAsTheyAre.Milliseconds);

    /// <summary>The cheapest network whose quality falls by no more than what is let pass.</summary>
    private LayerChoice WithinDrop(FigureKind cost, bool fineTunes, CancellationToken cancellation)
    {
        ImmutableArray<LayerChoice> front = LayerKnapsack.Front(_figures, cost);
        int good = FrontBisection.Cheapest(
            front.Length, front.Length - 1, Bisections, Overview(front, cost), index => Fits(Measure(front[index], cancellation)));
        if (fineTunes && good > 0)
        {
            good = FrontBisection.Cheapest(front.Length, good, FineTunedProbes, [], index => FitsFineTuned(front[index], cancellation));
        }

        return front[good].Candidates.Any(candidate => candidate > 0) ? front[good] : throw NothingFits(cancellation);
    }

    /// <summary>Networks at even steps of the cost, the cheapest first.</summary>
    private static IEnumerable<int> Overview(ImmutableArray<LayerChoice> front, FigureKind cost)
    {
        double least = front[0].Total.Of(cost);
        double step = (front[^1].Total.Of(cost) - least) / OverviewProbes;
        return Enumerable.Range(0, OverviewProbes)
            .Select(probe => front.TakeWhile(choice => choice.Total.Of(cost) < least + (probe * step)).Count())
            .Distinct();
    }

    private bool Fits(Judgement judgement) => _judge.Original.Quality - judgement.Quality <= _options.AccuracyDrop;

    private bool FitsFineTuned(LayerChoice choice, CancellationToken cancellation)
    {
        using Model network = _maker.Finish(Chosen(choice), null, cancellation);
        return Fits(_judge.Judge(network, cancellation));
    }

    private LayerChoice WithinCost(CancellationToken cancellation)
    {
        LayerChoice choice = _options.SpeedUp is null ? ByLimits(double.PositiveInfinity) : BySpeed(cancellation);
        Judgement judgement = Measure(choice, cancellation);
        if (double.IsFinite(_options.AccuracyDrop) && _options.FineTuneEpochs == 0 && !Fits(judgement))
        {
            throw TooMuchLost(_judge.Original.Quality - judgement.Quality, cancellation);
        }

        // What else was to be had, for whoever reads the report.
        ImmutableArray<LayerChoice> front = LayerKnapsack.Front(_figures, FigureKind.Milliseconds);
        foreach (int index in Overview(front, FigureKind.Milliseconds))
        {
            Measure(front[index], cancellation);
        }

        return choice;
    }

    /// <summary>The error for a network that meets the limits on its cost and loses too much.</summary>
    /// <param name="drop">By how much its quality fell.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exception; the caller throws it.</returns>
    public ShrinkException TooMuchLost(double drop, CancellationToken cancellation)
    {
        FigureKind cost = _options.SpeedUp is not null ? FigureKind.Milliseconds
            : _options.MaximumMultiplyAccumulates is not null ? FigureKind.MultiplyAccumulates
            : FigureKind.Parameters;
        CandidateFigures within = Network(WithinDrop(cost, fineTunes: false, cancellation).Total);
        string best = cost switch
        {
            FigureKind.Milliseconds => Invariant($"about {_original.Milliseconds / within.Milliseconds:0.00} times as fast"),
            FigureKind.MultiplyAccumulates => Invariant($"{within.MultiplyAccumulates:N0} multiply-adds"),
            _ => Invariant($"{within.Parameters:N0} parameters"),
        };
        string tuned = _options.FineTuneEpochs > 0 ? " without fine-tuning" : string.Empty;
        return new ShrinkException(Invariant(
            $"The budget cannot be met: at that cost the {Quality} falls by {100 * drop:0.00} points, where {100 * _options.AccuracyDrop:0.##} may be lost. ")
            + $"The best reachable with that loss{tuned} is {best}. Let more be lost, ask for less, or fine-tune longer.");
    }

    private string Quality => _judge.Kind.ToString().ToLowerInvariant();

    private LayerChoice BySpeed(CancellationToken cancellation)
    {
        double target = _options.SpeedUp!.Value;
        double limit = _layersAsTheyAre.Milliseconds - (_original.Milliseconds * (1 - (1 / (target * SpeedMargin))) / Share);
        double best = 1;
        for (int attempt = 0; attempt < SpeedAttempts; attempt++)
        {
            LayerChoice? choice = limit > 0 ? Choose(limit) : null;
            choice ??= Fastest();
            using Model network = _maker.Decouple(Chosen(choice));
            _options.Progress?.Invoke(new ShrinkProgress(ShrinkStage.Search, "timing a whole network", attempt, 0));
            ImmutableArray<double> times = ModelTimer.Measure(
                [_maker.Original, network], _options.TimedBatch, _options.Threads, 2 * _options.SecondsPerLayer, cancellation);
            double speed = times[0] / times[1];
            best = Math.Max(best, speed);
            if (speed >= target)
            {
                return choice;
            }

            if (Same(choice, Fastest()))
            {
                break;
            }

            // What is missing, in the milliseconds that the layers were measured in.
            double missing = (times[1] - (times[0] / (target * SpeedMargin))) * _original.Milliseconds / times[0] / Share;
            limit = choice.Total.Milliseconds - missing;
        }

        throw new ShrinkException(Invariant(
            $"The budget cannot be met: {target:0.##} times as fast was asked for, and the best reachable{OtherLimits()} is {best:0.00} times. Ask for less, or let other limits go."));
    }

    private string OtherLimits() =>
        _options.MaximumMultiplyAccumulates is null && _options.MaximumParameters is null ? string.Empty : " within the other limits";

    private LayerChoice Fastest() =>
        LayerKnapsack.Choose(_figures, FigureKind.Milliseconds, Limits(double.PositiveInfinity)) ?? throw Unreachable();

    private LayerChoice ByLimits(double milliseconds) => Choose(milliseconds) ?? throw Unreachable();

    private LayerChoice? Choose(double milliseconds) => LayerKnapsack.Choose(_figures, FigureKind.Loss, Limits(milliseconds));

    private FigureLimits Limits(double milliseconds) => new(
        _options.MaximumMultiplyAccumulates is { } macs
            ? macs - _original.MultiplyAccumulates + _layersAsTheyAre.MultiplyAccumulates
            : double.PositiveInfinity,
        _options.MaximumParameters is { } parameters
            ? parameters - _original.Parameters + _layersAsTheyAre.Parameters
            : double.PositiveInfinity,
        milliseconds);

    private ShrinkException Unreachable()
    {
        double macs = _original.MultiplyAccumulates - _layersAsTheyAre.MultiplyAccumulates + LayerKnapsack.Least(_figures, FigureKind.MultiplyAccumulates);
        double parameters = _original.Parameters - _layersAsTheyAre.Parameters + LayerKnapsack.Least(_figures, FigureKind.Parameters);
        string asked = _options is { MaximumMultiplyAccumulates: { } most, MaximumParameters: { } numbers }
            ? Invariant($"at most {most:N0} multiply-adds and {numbers:N0} parameters were asked for, and the best reachable is {macs:N0} and {parameters:N0}, each alone")
            : _options.MaximumMultiplyAccumulates is { } limit
                ? Invariant($"at most {limit:N0} multiply-adds were asked for, and the best reachable is {macs:N0}")
                : Invariant($"at most {_options.MaximumParameters:N0} parameters were asked for, and the best reachable is {parameters:N0}");
        return new ShrinkException($"The budget cannot be met: {asked} (every layer in its cheapest form that is faster). Ask for less.");
    }

    private ShrinkException NothingFits(CancellationToken cancellation)
    {
        // The single replacement that loses least.
        (SearchLayer layer, int candidate) = _layers
            .SelectMany(one => one.Candidates.Select((_, index) => (Layer: one, Candidate: index + 1)))
            .MinBy(pair => pair.Layer.Candidates[pair.Candidate - 1].Figures.Loss);
        ImmutableArray<int> candidates = [.. _layers.Select(one => one == layer ? candidate : 0)];
        CandidateFigures total = candidates.Zip(_figures).Aggregate(default(CandidateFigures), (sum, pair) => sum + pair.Second[pair.First]);
        Judgement best = Measure(new LayerChoice(candidates, total), cancellation);
        return new ShrinkException(Invariant(
            $"The budget cannot be met: the {Quality} may fall by {100 * _options.AccuracyDrop:0.##} points, and the best reachable is {100 * (_judge.Original.Quality - best.Quality):0.00} (only '{layer.Name}' replaced, rank {layer.Candidates[candidate - 1].Rank}). ")
            + "Let more be lost, give more images, or fine-tune (longer).");
    }
}
