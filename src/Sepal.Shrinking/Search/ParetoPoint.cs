using System.Collections.Immutable;

namespace Sepal.Shrinking.Search;

/// <summary>A network that was made and measured on the way: a point of cost against quality.</summary>
public sealed record ParetoPoint
{
    /// <summary>MACs for one image.</summary>
    public required long MultiplyAccumulates { get; init; }

    /// <summary>Parameters, trainable or not.</summary>
    public required long Parameters { get; init; }

    /// <summary>
    /// Milliseconds of a run by the layers' own times: the original's measured ones less what each replaced layer saves; in proportion
    /// where its layers, timed alone, come to more than the original.
    /// </summary>
    public required double Milliseconds { get; init; }

    /// <summary>The share of the images that were told rightly, or what stands for it, see <see cref="QualityKind"/>; measured.</summary>
    public required double Quality { get; init; }

    /// <summary>How many layers were replaced.</summary>
    public required int Replaced { get; init; }

    /// <summary>Whether no other point is as good in both time and quality and better in one.</summary>
    public bool IsOnFront { get; init; }

    /// <summary>Whether this is what was chosen.</summary>
    public bool IsChosen { get; init; }

    /// <summary>Marks the points that no other point beats.</summary>
    /// <param name="points">The points.</param>
    /// <returns>The same points by their time, the fastest first.</returns>
    public static ImmutableArray<ParetoPoint> Mark(IEnumerable<ParetoPoint> points)
    {
        var marked = ImmutableArray.CreateBuilder<ParetoPoint>();
        double best = double.NegativeInfinity;
        foreach (ParetoPoint point in points.OrderBy(point => point.Milliseconds).ThenByDescending(point => point.Quality))
        {
            marked.Add(point with { IsOnFront = point.Quality > best });
            best = Math.Max(best, point.Quality);
        }

        return marked.DrainToImmutable();
    }
}
