using System.Collections.Immutable;
using Sepal.Cli.Costs;
using Sepal.Costs;
using Sepal.Graphs;

namespace Sepal.Cli.Reports;

/// <summary>One box of the drawn graph: a layer, or all layers of a block.</summary>
/// <param name="Name">The layer's path, or the block's.</param>
/// <param name="Nodes">The layers, in graph order; none for an input.</param>
/// <param name="Sources">The boxes that it reads from, by index, each once.</param>
internal sealed record GraphBox(string Name, ImmutableArray<NodeCost> Nodes, ImmutableArray<int> Sources)
{
    // More boxes than this are hard to take in at once.
    private const int MostBoxes = 60;
    private const int LeastBoxes = 12;
    private const int DeepestPath = 8;

    /// <summary>
    /// Puts a graph's layers into boxes: one each where they are few, otherwise by the beginnings of their paths. Only layers that
    /// follow each other share a box, so that boxes never form a cycle.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="cost">What it costs.</param>
    /// <returns>The boxes, each after those that it reads from; the inputs first.</returns>
    public static ImmutableArray<GraphBox> Of(Graph graph, ModelCost cost)
    {
        string[] names = [.. graph.Nodes.Select(node => node.Name)];
        if (names.Length > MostBoxes)
        {
            // The coarsest cut that still tells something; without paths, runs of what follows each convolution.
            string[]? cut = Enumerable.Range(1, DeepestPath)
                .Select(depth => (string[])[.. names.Select(name => LayerRow.Prefix(name, depth))])
                .FirstOrDefault(prefixes => Runs(prefixes) >= LeastBoxes);
            names = cut is not null && Runs(cut) <= MostBoxes * 2 ? cut : ByConvolution(graph);
        }

        return Join(graph, cost, names);
    }

    private static int Runs(string[] names) => names.Where((name, index) => index == 0 || name != names[index - 1]).Count();

    private static string[] ByConvolution(Graph graph)
    {
        var names = new string[graph.Nodes.Length];
        for (int index = 0; index < names.Length; index++)
        {
            Node node = graph.Nodes[index];
            bool follows = index > 0
                && node.Operator is not Operators.Convolution
                && node.Inputs.Count(input => graph.Producer(input) is not null) == 1
                && graph.Producer(node.Inputs[0]) == graph.Nodes[index - 1];
            names[index] = follows ? names[index - 1] : node.Name;
        }

        return names;
    }

    private static ImmutableArray<GraphBox> Join(Graph graph, ModelCost cost, string[] names)
    {
        var boxes = new List<GraphBox>();
        var boxOf = new Dictionary<Value, int>();
        foreach (Value input in graph.Inputs)
        {
            boxOf[input] = boxes.Count;
            boxes.Add(new GraphBox(input.Name, [], []));
        }

        for (int start = 0; start < names.Length;)
        {
            int end = start;
            while (end < names.Length && names[end] == names[start])
            {
                end++;
            }

            Node[] nodes = [.. graph.Nodes[start..end]];
            ImmutableArray<int> sources =
            [
                .. nodes.SelectMany(node => node.Inputs).Where(boxOf.ContainsKey).Select(value => boxOf[value]).Distinct().Order(),
            ];
            foreach (Value output in nodes.SelectMany(node => node.Outputs))
            {
                boxOf[output] = boxes.Count;
            }

            boxes.Add(new GraphBox(names[start], [.. cost.Nodes[start..end]], sources));
            start = end;
        }

        return [.. boxes];
    }
}
