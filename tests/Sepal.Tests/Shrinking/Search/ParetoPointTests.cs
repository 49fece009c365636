using System.Collections.Immutable;
using Sepal.Shrinking.Search;
using Xunit;

namespace Sepal.Tests.Shrinking.Search;

public sealed class ParetoPointTests
{
    [Fact]
    public void The_front_is_what_nothing_beats()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            ImmutableArray<ParetoPoint> points = [.. Enumerable.Range(0, 30).Select(_ => Point(random.Next(20), random.Next(20) / 20.0))];
            foreach (ParetoPoint point in ParetoPoint.Mark(points))
            {
                bool beaten = points.Any(other =>
                    other.Milliseconds <= point.Milliseconds && other.Quality >= point.Quality
                    && (other.Milliseconds < point.Milliseconds || other.Quality > point.Quality));
                if (point.IsOnFront)
                {
                    Assert.False(beaten);
                }
                else
                {
                    Assert.True(beaten || points.Count(other => other.Milliseconds == point.Milliseconds && other.Quality == point.Quality) > 1);
                }
            }
        }
    }

    private static ParetoPoint Point(double milliseconds, double quality) => new()
    {
        MultiplyAccumulates = 1,
        Parameters = 1,
        Milliseconds = milliseconds,
        Quality = quality,
        Replaced = 1,
    };
}
