namespace Sepal;

/// <summary>Finds what somebody probably meant.</summary>
internal static class Suggestion
{
    /// <summary>The nearest of several names, for the end of a message.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="names">What could have been meant.</param>
    /// <returns><c> Did you mean 'cost'?</c> with a space in front, or nothing where no name is near.</returns>
    public static string For(string typed, IEnumerable<string> names)
    {
        (string Name, int Distance) nearest = names
            .Select(name => (name, Distance(typed.ToLowerInvariant(), name)))
            .OrderBy(pair => pair.Item2)
            .ThenBy(pair => pair.name, StringComparer.Ordinal)
            .FirstOrDefault((string.Empty, int.MaxValue));

        // Up to a third of the letters may be wrong, and always two: beyond that a guess confuses more than it helps.
        return nearest.Distance <= Math.Max(2, typed.Length / 3) ? $" Did you mean '{nearest.Name}'?" : string.Empty;
    }

    /// <summary>Letters to insert, delete, replace or swap with a neighbour (optimal string alignment).</summary>
    private static int Distance(string left, string right)
    {
        int[,] distance = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distance[i, j] = i + j;
                    continue;
                }

                int replaced = distance[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                distance[i, j] = Math.Min(replaced, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
                }
            }
        }

        return distance[left.Length, right.Length];
    }
}
