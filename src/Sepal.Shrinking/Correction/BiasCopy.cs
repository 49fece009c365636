using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Shrinking;

/// <summary>Copies a network so that decoupled layers have a bias that is theirs alone.</summary>
internal static class BiasCopy
{
    public static Model Of(Model shrunk, IReadOnlyCollection<string> nodes, bool givesBiases)
    {
        Graph graph = shrunk.Graph;
        HashSet<Node> last = givesBiases
            ? [.. nodes.Select(name => DecoupledLayer.StepsOf(shrunk, name)).Select(steps => steps[0].Last).Where(node => !HasOwnBias(graph, node))]
            : [];
        var copy = new GraphCopy(graph, shrunk.Store);
        foreach (Node node in graph.Nodes)
        {
            if (last.Contains(node))
            {
                AddWithBias(copy, shrunk, node);
            }
            else
            {
                copy.Copy(node);
            }
        }

        return new Model(copy.Build());
    }

    private static bool HasOwnBias(Graph graph, Node node) => node.Inputs.Length == 3 && node.Inputs[2] is Parameter bias && graph.OnlyReader(bias) == node;

    private static void AddWithBias(GraphCopy copy, Model shrunk, Node node)
    {
        int filters = ((Convolution)node.Operator).Filters;
        float[] numbers = node.Inputs.Length == 3 ? StoredNumbers.Read(shrunk, node.Inputs[2]).ToArray() : new float[filters];
        Parameter bias = copy.Builder.Parameter(
            $"{node.Name}/bias", [filters], new Given(numbers), trainable: node.Inputs[1] is not Parameter { Trainable: false });
        ImmutableArray<Value> inputs = [copy.Of(node.Inputs[0]), copy.Of(node.Inputs[1]), bias];
        Node added = copy.Builder.Add(node.Name, node.Operator, inputs, node.LayerType, _ => node.Output.Name);
        copy.Replace(node.Output, added.Output);
    }
}
