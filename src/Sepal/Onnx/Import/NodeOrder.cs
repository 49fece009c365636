using Sepal.Graphs;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Import;

/// <summary>Puts the nodes of a file in an order in which each comes after those it reads from.</summary>
internal static class NodeOrder
{
    /// <summary>Sorts the nodes; those that are in order stay in it.</summary>
    /// <param name="nodes">The nodes of the file.</param>
    /// <param name="isGiven">Whether a value is an input or an initialiser.</param>
    /// <exception cref="GraphException">A cycle, a value that nobody makes, or one that two nodes make.</exception>
    public static List<NodeProto> Sort(IReadOnlyList<NodeProto> nodes, Func<string, bool> isGiven)
    {
        Dictionary<string, int> producers = Producers(nodes, isGiven);
        var waiting = new int[nodes.Count];
        var readers = new List<int>[nodes.Count];
        for (int index = 0; index < nodes.Count; index++)
        {
            foreach (string input in nodes[index].Input.Where(name => name.Length > 0 && !isGiven(name)).Distinct())
            {
                if (!producers.TryGetValue(input, out int producer))
                {
                    throw new GraphException(
                        $"The node {Describe(nodes[index])} reads '{input}', which is neither an input, an initialiser nor made by any "
                        + "node. The file is damaged, or was cut out of a larger one: export it again.");
                }

                waiting[index]++;
                (readers[producer] ??= []).Add(index);
            }
        }

        var ready = new PriorityQueue<int, int>();
        for (int index = 0; index < nodes.Count; index++)
        {
            if (waiting[index] == 0)
            {
                ready.Enqueue(index, index);
            }
        }

        var sorted = new List<NodeProto>(nodes.Count);
        while (ready.TryDequeue(out int index, out _))
        {
            sorted.Add(nodes[index]);
            foreach (int reader in readers[index] ?? [])
            {
                if (--waiting[reader] == 0)
                {
                    ready.Enqueue(reader, reader);
                }
            }
        }

        if (sorted.Count < nodes.Count)
        {
            int stuck = Array.FindIndex(waiting, count => count > 0);
            throw new GraphException(
                $"The nodes form a cycle, from which {Describe(nodes[stuck])} waits. A graph must flow one way: export the model again.");
        }

        return sorted;
    }

    private static Dictionary<string, int> Producers(IReadOnlyList<NodeProto> nodes, Func<string, bool> isGiven)
    {
        var producers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int index = 0; index < nodes.Count; index++)
        {
            foreach (string output in nodes[index].Output.Where(name => name.Length > 0))
            {
                if (isGiven(output) || !producers.TryAdd(output, index))
                {
                    throw new GraphException(
                        $"The value '{output}' is made twice, once by the node {Describe(nodes[index])}. Every value must have a name of its own.");
                }
            }
        }

        return producers;
    }

    private static string Describe(NodeProto node) =>
        $"'{(node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault() ?? string.Empty)}' ({node.OpType})";
}
