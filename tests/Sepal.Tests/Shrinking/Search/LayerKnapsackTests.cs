using System.Collections.Immutable;
using Sepal.Shrinking.Search;
using Xunit;

namespace Sepal.Tests.Shrinking.Search;

public sealed class LayerKnapsackTests
{
    [Theory]
    [InlineData(FigureKind.Loss, 1)]
    [InlineData(FigureKind.Loss, 2)]
    [InlineData(FigureKind.Loss, 3)]
    [InlineData(FigureKind.Milliseconds, 1)]
    [InlineData(FigureKind.Milliseconds, 2)]
    [InlineData(FigureKind.MultiplyAccumulates, 3)]
    public void A_choice_is_the_best_of_all(FigureKind objective, int limited)
    {
        int possible = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            ImmutableArray<ImmutableArray<CandidateFigures>> layers = Instance(random);
            ImmutableArray<(ImmutableArray<int> Candidates, CandidateFigures Total)> all = All(layers);
            FigureLimits limits = Limits(random, all, limited);
            var fitting = all.Where(choice => Fits(choice.Total, limits)).ToList();
            LayerChoice? chosen = LayerKnapsack.Choose(layers, objective, limits);
            if (fitting.Count == 0)
            {
                Assert.Null(chosen);
                continue;
            }

            possible++;
            Assert.NotNull(chosen);
            Assert.True(Fits(chosen.Total, limits));
            Assert.Equal(fitting.Min(choice => choice.Total.Of(objective)), chosen.Total.Of(objective), 9);
            Assert.Equal(Total(layers, chosen.Candidates).Of(objective), chosen.Total.Of(objective), 9);
        }

        Assert.InRange(possible, 20, 60);
    }

    [Fact]
    public void The_front_is_that_of_all_choices()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            ImmutableArray<ImmutableArray<CandidateFigures>> layers = Instance(new Random(seed));
            var expected = new List<(double Cost, double Loss)>();
            double least = double.PositiveInfinity;
            foreach ((_, CandidateFigures total) in All(layers).OrderBy(choice => choice.Total.Milliseconds).ThenBy(choice => choice.Total.Loss))
            {
                if (total.Loss < least - 1e-12)
                {
                    expected.Add((total.Milliseconds, total.Loss));
                    least = total.Loss;
                }
            }

            ImmutableArray<LayerChoice> front = LayerKnapsack.Front(layers, FigureKind.Milliseconds);
            Assert.Equal(expected.Select(point => Math.Round(point.Cost, 9)), front.Select(choice => Math.Round(choice.Total.Milliseconds, 9)));
            Assert.Equal(expected.Select(point => Math.Round(point.Loss, 9)), front.Select(choice => Math.Round(choice.Total.Loss, 9)));
        }
    }

    [Fact]
    public void Many_layers_take_no_time_and_lose_little()
    {
        var random = new Random(7);
        ImmutableArray<ImmutableArray<CandidateFigures>> layers =
            [.. Enumerable.Range(0, 60).Select(_ => Candidates(random, 12))];
        double limit = (LayerKnapsack.Least(layers, FigureKind.Milliseconds) + layers.Sum(candidates => candidates.Max(one => one.Milliseconds))) / 3;
        LayerChoice chosen = LayerKnapsack.Choose(layers, FigureKind.Loss, new FigureLimits(Milliseconds: limit))!;
        Assert.True(chosen.Total.Milliseconds <= limit * (1 + 1e-9));
        Assert.InRange(chosen.Total.Loss, Relaxed(layers, limit) * 0.999, (Relaxed(layers, limit) * 1.02) + 1e-9);
    }

    [Fact]
    public void Limits_on_everything_of_many_layers_are_kept()
    {
        var random = new Random(8);
        ImmutableArray<ImmutableArray<CandidateFigures>> layers =
            [.. Enumerable.Range(0, 25).Select(_ => Candidates(random, 8))];
        CandidateFigures middle = Total(layers, [.. layers.Select(candidates => candidates.Length / 2)]);
        var limits = new FigureLimits(middle.MultiplyAccumulates, middle.Parameters, middle.Milliseconds);
        LayerChoice? chosen = LayerKnapsack.Choose(layers, FigureKind.Loss, limits);
        Assert.NotNull(chosen);
        Assert.True(Fits(chosen.Total, limits));
        Assert.True(chosen.Total.Loss <= middle.Loss);
    }

    [Fact]
    public void Without_layers_nothing_is_chosen()
    {
        LayerChoice? chosen = LayerKnapsack.Choose([], FigureKind.Loss, new FigureLimits(Milliseconds: 1));
        Assert.NotNull(chosen);
        Assert.Empty(chosen.Candidates);
    }

    private static ImmutableArray<ImmutableArray<CandidateFigures>> Instance(Random random) =>
        [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Candidates(random, random.Next(1, 6)))];

    private static ImmutableArray<CandidateFigures> Candidates(Random random, int count) =>
    [
        new CandidateFigures(1000, 500, 10, 0),
        .. Enumerable.Range(0, count - 1).Select(_ => new CandidateFigures(
            random.Next(50, 1000), random.Next(20, 600), Math.Round(random.NextDouble() * 10, 3), Math.Round(random.NextDouble(), 4))),
    ];

    private static FigureLimits Limits(Random random, ImmutableArray<(ImmutableArray<int> Candidates, CandidateFigures Total)> all, int count)
    {
        CandidateFigures near = all[random.Next(all.Length)].Total;
        double factor = random.Next(3) == 0 ? 0.4 : 1.05;
        return new FigureLimits(
            MultiplyAccumulates: count > 1 ? near.MultiplyAccumulates * factor : double.PositiveInfinity,
            Parameters: count > 2 ? near.Parameters * factor : double.PositiveInfinity,
            Milliseconds: near.Milliseconds * factor);
    }

    private static ImmutableArray<(ImmutableArray<int> Candidates, CandidateFigures Total)> All(
        ImmutableArray<ImmutableArray<CandidateFigures>> layers)
    {
        IEnumerable<ImmutableArray<int>> choices = [[]];
        foreach (ImmutableArray<CandidateFigures> candidates in layers)
        {
            choices = [.. choices.SelectMany(choice => Enumerable.Range(0, candidates.Length).Select(candidate => choice.Add(candidate)))];
        }

        return [.. choices.Select(choice => (choice, Total(layers, choice)))];
    }

    private static CandidateFigures Total(ImmutableArray<ImmutableArray<CandidateFigures>> layers, ImmutableArray<int> choice) =>
        choice.Zip(layers).Aggregate(default(CandidateFigures), (sum, pair) => sum + pair.Second[pair.First]);

    private static bool Fits(CandidateFigures total, FigureLimits limits) =>
        total.MultiplyAccumulates <= limits.MultiplyAccumulates && total.Parameters <= limits.Parameters
        && total.Milliseconds <= limits.Milliseconds * (1 + 1e-12) && total.Loss <= limits.Loss * (1 + 1e-12);

    /// <summary>A lower bound: the best Lagrangian relaxation of the limit on the time.</summary>
    private static double Relaxed(ImmutableArray<ImmutableArray<CandidateFigures>> layers, double limit) =>
        Enumerable.Range(0, 4000).Select(step => step / 2000.0).Max(price =>
            layers.Sum(candidates => candidates.Min(one => one.Loss + (price * one.Milliseconds))) - (price * limit));
}
