namespace Sepal.Shrinking.Search;

/// <summary>Finds the cheapest of many networks that is good enough, by measuring few of them.</summary>
internal static class FrontBisection
{
    /// <summary>Bisects. Networks that cost more are taken to be better; where noise says otherwise, what was measured counts.</summary>
    /// <param name="count">How many networks there are, the cheapest first.</param>
    /// <param name="start">Where the best of all is taken to be good enough without measuring; usually the last.</param>
    /// <param name="probes">How many may be measured.</param>
    /// <param name="overview">Networks to measure first, so that the range is known.</param>
    /// <param name="isGood">Measures one.</param>
    /// <returns>The cheapest that was measured good enough; <paramref name="start"/> where none was.</returns>
    public static int Cheapest(int count, int start, int probes, IEnumerable<int> overview, Func<int, bool> isGood)
    {
        int good = start;
        int bad = -1;
        var known = new Dictionary<int, bool> { [start] = true };
        foreach (int index in overview.Where(index => index >= 0 && index < count).Distinct())
        {
            Measure(index);
        }

        good = known.Where(one => one.Value).Min(one => one.Key);
        bad = known.Where(one => !one.Value && one.Key < good).Select(one => one.Key).DefaultIfEmpty(-1).Max();
        for (int probe = 0; probe < probes && good - bad > 1; probe++)
        {
            int middle = bad + ((good - bad) / 2);
            if (Measure(middle))
            {
                good = middle;
            }
            else
            {
                bad = middle;
            }
        }

        return good;

        bool Measure(int index)
        {
            if (!known.TryGetValue(index, out bool result))
            {
                result = isGood(index);
                known.Add(index, result);
            }

            return result;
        }
    }
}
