using System.Collections.Immutable;
using System.Globalization;
using Sepal.Costs;
using Sepal.Graphs;

namespace Sepal.Cli.Costs;

/// <summary>One or more layers that a report shows as one: those whose paths begin alike.</summary>
/// <param name="Name">The path, or its beginning.</param>
/// <param name="Nodes">The layers, in graph order.</param>
internal sealed record LayerRow(string Name, ImmutableArray<NodeCost> Nodes)
{
    /// <summary>What a layer is; of several, how many.</summary>
    public string Kind => Nodes is [{ } node] ? node.Kind : string.Create(CultureInfo.InvariantCulture, $"{Nodes.Length} layers");

    /// <summary>The shape of the last output.</summary>
    public Shape OutputShape => Nodes[^1].OutputShape;

    /// <summary>Groups layers by the beginnings of their paths.</summary>
    /// <param name="nodes">The layers.</param>
    /// <param name="depth">How many parts of a path are told apart; null for all.</param>
    /// <returns>The rows, in the order of their first layers.</returns>
    public static ImmutableArray<LayerRow> Group(ImmutableArray<NodeCost> nodes, int? depth) =>
    [
        .. depth is { } parts
            ? nodes.GroupBy(node => Prefix(node.Name, parts)).Select(group => new LayerRow(group.Key, [.. group]))
            : nodes.Select(node => new LayerRow(node.Name, [node])),
    ];

    /// <summary>The first parts of a path; a slash in front, as PyTorch's exporter writes it, is no part.</summary>
    /// <param name="name">The path.</param>
    /// <param name="parts">How many parts.</param>
    /// <returns>The beginning.</returns>
    public static string Prefix(string name, int parts)
    {
        int end = name.StartsWith('/') ? 0 : -1;
        for (int part = 0; part < parts; part++)
        {
            end = name.IndexOf('/', end + 1);
            if (end < 0)
            {
                return name;
            }
        }

        return name[..end];
    }
}
