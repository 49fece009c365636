using System.Collections.Immutable;

namespace Sepal.Shrinking.Search;

/// <summary>
/// Chooses one candidate for each layer: a multiple-choice knapsack, solved by dynamic programming over the sums that no other sum
/// beats in every figure that matters. Exact as long as there are no more than <see cref="MostSums"/> such sums (768 with two limits
/// and more); of more, the best in each of as many stretches of every figure are kept, so that a result is then good but need not
/// be the best.
/// </summary>
public static class LayerKnapsack
{
    /// <summary>How many sums are carried from a layer to the next at the most.</summary>
    public const int MostSums = 4096;

    // With three figures or more, sums are compared pair by pair.
    private const int MostSumsOfManyFigures = 768;

    // Sums of the same numbers in another order differ in their last bits.
    private const double Slack = 1e-12;

    /// <summary>Finds the choice that makes a figure smallest within limits.</summary>
    /// <param name="layers">Every layer's candidates, at least one each.</param>
    /// <param name="objective">What is made small.</param>
    /// <param name="limits">What the sums may come to.</param>
    /// <returns>The choice; null where no choice keeps to the limits.</returns>
    public static LayerChoice? Choose(ImmutableArray<ImmutableArray<CandidateFigures>> layers, FigureKind objective, FigureLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        List<Sum> sums = Sums(layers, [objective, .. limits.Limited.Where(kind => kind != objective)], limits);
        return sums.Count == 0 ? null : ChoiceOf(sums.MinBy(sum => sum.Total.Of(objective))!, layers.Length);
    }

    /// <summary>Finds the choices that no other choice beats in both of two figures.</summary>
    /// <param name="layers">Every layer's candidates, at least one each.</param>
    /// <param name="cost">One figure.</param>
    /// <param name="loss">The other.</param>
    /// <returns>The choices, the cheapest first.</returns>
    public static ImmutableArray<LayerChoice> Front(
        ImmutableArray<ImmutableArray<CandidateFigures>> layers, FigureKind cost, FigureKind loss = FigureKind.Loss) =>
        [.. Sums(layers, [cost, loss], FigureLimits.None)
            .OrderBy(sum => sum.Total.Of(cost))
            .ThenBy(sum => sum.Total.Of(loss))
            .Select(sum => ChoiceOf(sum, layers.Length))];

    /// <summary>The least that a figure can come to.</summary>
    /// <param name="layers">Every layer's candidates, at least one each.</param>
    /// <param name="kind">The figure.</param>
    /// <returns>The sum of every layer's least.</returns>
    public static double Least(ImmutableArray<ImmutableArray<CandidateFigures>> layers, FigureKind kind) =>
        layers.Sum(candidates => candidates.Min(candidate => candidate.Of(kind)));

    private static List<Sum> Sums(ImmutableArray<ImmutableArray<CandidateFigures>> layers, ImmutableArray<FigureKind> kinds, FigureLimits limits)
    {
        List<Sum> sums = [new Sum(default, -1, null)];
        for (int layer = 0; layer < layers.Length; layer++)
        {
            var rest = layers[(layer + 1)..];
            double[] room = [.. kinds.Select(kind => Room(limits.Of(kind), rest, kind))];
            var next = new List<Sum>();
            foreach (Sum sum in sums)
            {
                for (int candidate = 0; candidate < layers[layer].Length; candidate++)
                {
                    CandidateFigures total = sum.Total + layers[layer][candidate];
                    if (kinds.Index().All(kind => total.Of(kind.Item) <= room[kind.Index]))
                    {
                        next.Add(new Sum(total, candidate, sum));
                    }
                }
            }

            sums = Unbeaten(next, kinds);
        }

        return sums;
    }

    /// <summary>What is left of a limit when all further layers take their least.</summary>
    private static double Room(double limit, ImmutableArray<ImmutableArray<CandidateFigures>> rest, FigureKind kind) =>
        double.IsFinite(limit) ? limit - Least(rest, kind) + (Slack * Math.Abs(limit)) : double.PositiveInfinity;

    private static List<Sum> Unbeaten(List<Sum> sums, ImmutableArray<FigureKind> kinds)
    {
        IOrderedEnumerable<Sum> order = sums.OrderBy(sum => sum.Total.Of(kinds[0]));
        foreach (FigureKind kind in kinds.Skip(1))
        {
            order = order.ThenBy(sum => sum.Total.Of(kind));
        }

        var unbeaten = new List<Sum>();
        if (kinds.Length <= 2)
        {
            double least = double.PositiveInfinity;
            foreach (Sum sum in order)
            {
                double second = sum.Total.Of(kinds[^1]);
                if (unbeaten.Count == 0 || (kinds.Length == 2 && second < least))
                {
                    unbeaten.Add(sum);
                    least = second;
                }
            }

            return Thin(unbeaten, kinds, MostSums);
        }

        foreach (Sum sum in order)
        {
            if (!unbeaten.Exists(better => Beats(better, sum, kinds)))
            {
                unbeaten.Add(sum);
            }
        }

        return Thin(unbeaten, kinds, MostSumsOfManyFigures);
    }

    private static bool Beats(Sum better, Sum sum, ImmutableArray<FigureKind> kinds)
    {
        foreach (FigureKind kind in kinds)
        {
            if (better.Total.Of(kind) > sum.Total.Of(kind))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Keeps the best of every stretch of each limited figure, and every figure's least.</summary>
    private static List<Sum> Thin(List<Sum> sums, ImmutableArray<FigureKind> kinds, int most)
    {
        if (sums.Count <= most)
        {
            return sums;
        }

        var kept = new HashSet<Sum>();
        foreach (FigureKind kind in kinds)
        {
            kept.Add(sums.MinBy(sum => sum.Total.Of(kind))!);
            double least = sums.Min(sum => sum.Total.Of(kind));
            double width = (sums.Max(sum => sum.Total.Of(kind)) - least) * kinds.Length / most;
            kept.UnionWith(sums
                .GroupBy(sum => width > 0 ? Math.Floor((sum.Total.Of(kind) - least) / width) : 0)
                .Select(stretch => stretch.MinBy(sum => sum.Total.Of(kind == kinds[0] ? kinds[^1] : kinds[0]))!));
        }

        return [.. sums.Where(kept.Contains)];
    }

    private static LayerChoice ChoiceOf(Sum last, int count)
    {
        var candidates = new int[count];
        Sum? sum = last;
        for (int layer = count - 1; layer >= 0; layer--)
        {
            candidates[layer] = sum!.Candidate;
            sum = sum.Before;
        }

        return new LayerChoice([.. candidates], last.Total);
    }

    private sealed class Sum(CandidateFigures total, int candidate, Sum? before)
    {
        public CandidateFigures Total => total;

        public int Candidate => candidate;

        public Sum? Before => before;
    }
}
