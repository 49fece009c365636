using Sepal.Graphs;
using Xunit;

namespace Sepal.Tests.Onnx;

/// <summary>Graphs of random operators, shapes and attributes, exported and run in ONNX Runtime.</summary>
public sealed class RandomGraphTests
{
    private const int GraphsATest = 50;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void A_random_graph_gives_in_ONNX_Runtime_what_it_gives_here(int test)
    {
        for (int seed = test * GraphsATest; seed < (test + 1) * GraphsATest; seed++)
        {
            Graph graph = RandomGraphs.Make(seed);
            using var model = new Model(graph);
            string nodes = string.Join("; ", graph.Nodes.Select(node => $"{node.Name} = {node.Operator} ({string.Join(", ", node.Inputs)})"));
            ExportHarness.AssertAgrees(model, batch: seed % 2 == 0 ? 1 : 3, $"seed {seed}: {nodes}", seed: seed, least: 2e-3);
        }
    }
}
