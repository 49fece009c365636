namespace Sepal.Costs;

/// <summary>Adds up what lives at the same time.</summary>
internal static class MemoryTimeline
{
    /// <summary>The most bytes that live together, and the first moment at which they do.</summary>
    /// <param name="lives">The lives.</param>
    public static (long Bytes, int Position) Peak(IEnumerable<Life> lives)
    {
        var changes = new SortedDictionary<int, long>();
        foreach (Life life in lives)
        {
            changes[life.First] = checked(changes.GetValueOrDefault(life.First) + life.Bytes);
            changes[life.Last + 1] = checked(changes.GetValueOrDefault(life.Last + 1) - life.Bytes);
        }

        (long most, int at, long now) = (0, 0, 0);
        foreach ((int position, long change) in changes)
        {
            now = checked(now + change);
            if (now > most)
            {
                (most, at) = (now, position);
            }
        }

        return (most, at);
    }

    /// <summary>Memory that is taken for some time.</summary>
    /// <param name="First">The first position at which it is.</param>
    /// <param name="Last">The last.</param>
    /// <param name="Bytes">How much.</param>
    public sealed record Life(int First, int Last, long Bytes);
}
