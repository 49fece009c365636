using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Tests.Inference.Rewrites;
using Sepal.Tests.Operators;
using Xunit;

namespace Sepal.Tests.Inference;

/// <summary>Random networks compute after all rewrites what they computed before, and the same bits however they are run.</summary>
public sealed class RandomNetworkTests
{
    private const int NetworksOfTest = 40;

    public static TheoryData<int> Tests => [0, 1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Tests))]
    public void A_network_computes_the_same_after_all_rewrites(int test)
    {
        for (int seed = test * NetworksOfTest; seed < (test + 1) * NetworksOfTest; seed++)
        {
            (RewriteBuilder builder, Graph graph) = RandomNetworks.Make(seed);

            // Every second network joins whatever it may, however small the images.
            Graph rewritten = InferenceRewrites.Apply(graph, RewriteAssert.Symbols, seed % 2 == 0 ? 0 : null);
            string nodes = string.Join("; ", graph.Nodes.Select(node => $"{node.Name} = {node.Operator} ({string.Join(", ", node.Inputs)})"));
            RewriteAssert.Same(builder, graph, rewritten, $"seed {seed}: {nodes}", terms: 4096);
        }
    }

    [Fact]
    public void Random_networks_have_every_kind_of_chain()
    {
        ConvolutionChain[] chains =
        [
            .. Enumerable.Range(0, Tests.Count * NetworksOfTest / 2).SelectMany(index =>
                RewriteAssert.Chains(InferenceRewrites.Apply(RandomNetworks.Make(2 * index).Graph, GraphHarness.Symbols(1), 0))),
        ];
        Assert.Contains(chains, chain => chain.Stages.Length == 2);
        Assert.Contains(chains, chain => chain.Stages.Length == 2 && chain.PoolsResult);
        Assert.Contains(chains, chain => chain.Stages.Length == 3 && chain.Last.HasResidual);
    }
}
