using System.Collections.Immutable;
using Sepal.Costs;
using Sepal.Graphs;

namespace Sepal.Shrinking;

/// <summary>Chooses the classes of channels that go: those of the lowest scores, within what each group may lose.</summary>
internal sealed class ChannelSelection
{
    private readonly ChannelFlow _flow;
    private readonly ImmutableArray<ChannelGroup> _groups;
    private readonly PruningOptions _options;
    private readonly (int Class, int Group)[] _ranking;
    private readonly int[][] _ordered;

    public ChannelSelection(ChannelFlow flow, ImmutableArray<ChannelGroup> groups, IReadOnlyDictionary<int, double> scores, PruningOptions options)
    {
        _flow = flow;
        _groups = groups;
        _options = options;
        _ordered = [.. groups.Select(group => group.Classes.OrderBy(@class => scores[@class]).ThenBy(@class => @class).ToArray())];
        _ranking =
        [
            .. _ordered.SelectMany((classes, group) => classes.Select(@class => (Class: @class, Group: group)))
                .OrderBy(pair => scores[pair.Class]).ThenBy(pair => pair.Class),
        ];
    }

    /// <summary>What goes.</summary>
    /// <exception cref="SepalException">The budget cannot be reached; says what can.</exception>
    public HashSet<int> Choose()
    {
        if (_options.Ratio is { } ratio)
        {
            return Removed((int)Math.Round(ratio * _ranking.Length));
        }

        Dictionary<Node, long> costs = Costs();
        long budget = _options.MaximumMultiplyAccumulates!.Value;
        long least = Total(costs, Removed(_ranking.Length));
        if (least > budget)
        {
            throw new SepalException(
                $"Pruning cannot bring the model of {Total(costs, []):N0} MACs down to {budget:N0}: {least:N0} are the fewest with at most "
                + $"{_options.LargestShare:P0} of the channels of each group of layers removed. Allow more MACs or a larger share.");
        }

        // Removing more never costs more, as rounding keeps the order.
        int low = 0;
        int high = _ranking.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Total(costs, Removed(middle)) <= budget)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return Removed(low);
    }

    /// <summary>The lowest of all, as many as given, rounded in each group.</summary>
    private HashSet<int> Removed(int count)
    {
        var perGroup = new int[_groups.Length];
        foreach ((_, int group) in _ranking.AsSpan(0, count))
        {
            perGroup[group]++;
        }

        var removed = new HashSet<int>();
        for (int group = 0; group < perGroup.Length; group++)
        {
            removed.UnionWith(_ordered[group].Take(Rounded(_groups[group], perGroup[group])));
        }

        return removed;
    }

    /// <summary>How many classes of a group go, if as many were wanted.</summary>
    private int Rounded(ChannelGroup group, int wanted)
    {
        int all = group.Classes.Length;
        if (all == 0 || wanted == 0)
        {
            return 0;
        }

        int most = Math.Min((int)(all * _options.LargestShare), all - 1);
        int size = group.Sizes[0];
        bool isEven = group.Sizes.All(other => other == size) && group.Reason is null;
        int channels = all * size;
        int multiple = _options.Multiple ?? channels switch { >= 64 => 16, >= 16 => 8, _ => 1 };
        if (!isEven || multiple % size != 0 || multiple == size)
        {
            return Math.Min(wanted, most);
        }

        int step = multiple / size;
        int kept = Math.Max((all - wanted + (step / 2)) / step, 1) * step;
        while (all - kept > most)
        {
            kept += step;
        }

        return Math.Max(all - kept, 0);
    }

    private Dictionary<Node, long> Costs()
    {
        Dictionary<string, long> byName = ModelCost.Of(_flow.Graph).Nodes.ToDictionary(node => node.Name, node => node.MultiplyAccumulates);
        return _flow.Graph.Nodes.ToDictionary(node => node, node => byName.GetValueOrDefault(node.Name));
    }

    /// <summary>The MACs without some classes: a layer's are in proportion to what it reads and what it makes.</summary>
    private long Total(Dictionary<Node, long> costs, HashSet<int> removed)
    {
        double total = 0;
        foreach ((Node node, long cost) in costs)
        {
            double share = cost == 0 ? 0 : Share(_flow.Of(node.Output), removed);
            if (share > 0 && _flow.Readers.FirstOrDefault(reader => reader.Node == node) is { Channels: not null })
            {
                share *= Share(_flow.Of(node.Inputs[0]), removed);
            }

            total += cost * share;
        }

        return (long)Math.Round(total);
    }

    private double Share(ChannelAxis? axis, HashSet<int> removed) => axis is null
        ? 1
        : (double)axis.Channels.Count(channel => !removed.Contains(_flow.Classes.Find(channel))) / axis.Channels.Length;
}
