using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Shrinking;

/// <summary>Classes of channels that the same layers make.</summary>
/// <param name="Layers">The layers, in graph order.</param>
/// <param name="Classes">The classes that may go, in graph order.</param>
/// <param name="Sizes">How many channels of the first layer each of them is.</param>
/// <param name="Channels">The channels that the layers make of these classes, and of those that stay, all together.</param>
/// <param name="Reason">Why some stay; null where all may go.</param>
internal sealed record ChannelGroup(
    ImmutableArray<Node> Layers, ImmutableArray<int> Classes, ImmutableArray<int> Sizes, int Channels, string? Reason)
{
    /// <summary>Finds the groups of a graph; <paramref name="hold"/> gives further reasons for classes to stay.</summary>
    public static ImmutableArray<ChannelGroup> Find(ChannelFlow flow, Func<int, string?>? hold = null)
    {
        var makers = new SortedDictionary<int, List<int>>();
        for (int layer = 0; layer < flow.Makers.Count; layer++)
        {
            foreach (int channel in flow.Makers[layer].Channels)
            {
                int @class = flow.Classes.Find(channel);
                if (!makers.TryGetValue(@class, out List<int>? layers))
                {
                    makers.Add(@class, layers = []);
                }

                layers.Add(layer);
            }
        }

        var groups = new OrderedDictionary<string, List<int>>(StringComparer.Ordinal);
        foreach ((int @class, List<int> layers) in makers)
        {
            string key = string.Join(',', layers.Distinct());
            if (!groups.TryGetValue(key, out List<int>? classes))
            {
                groups.Add(key, classes = []);
            }

            classes.Add(@class);
        }

        return
        [
            .. groups.Values.Select(classes =>
            {
                int[] layers = [.. makers[classes[0]].Distinct()];
                string? Reason(int @class) => flow.Classes.Reason(@class) ?? hold?.Invoke(@class);
                int[] free = [.. classes.Where(@class => Reason(@class) is null)];
                return new ChannelGroup(
                    [.. layers.Select(layer => flow.Makers[layer].Node)],
                    [.. free],
                    [.. free.Select(@class => makers[@class].Count(layer => layer == layers[0]))],
                    classes.Sum(@class => makers[@class].Count),
                    classes.Select(Reason).FirstOrDefault(reason => reason is not null));
            }),
        ];
    }
}
