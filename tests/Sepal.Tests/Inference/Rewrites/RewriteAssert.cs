using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Tests.Operators;
using Xunit;

namespace Sepal.Tests.Inference.Rewrites;

/// <summary>What is to be shown of every rewrite.</summary>
internal static class RewriteAssert
{
    private const int Terms = 512;

    /// <summary>Values for the open dimensions of the tests' graphs.</summary>
    public static Dictionary<string, long> Symbols { get; } = GraphHarness.Symbols(3);

    /// <summary>Fails unless a graph is left as it is.</summary>
    public static void LeavesAlone(Graph graph, Func<Graph, Graph> rewrite)
    {
        Graph rewritten = rewrite(graph);
        Assert.Equal(graph.Nodes.Select(node => node.ToString()), rewritten.Nodes.Select(node => node.ToString()));
        Assert.Equal(graph.Nodes.SelectMany(node => node.Inputs), rewritten.Nodes.SelectMany(node => node.Inputs));
    }

    /// <summary>Fails unless both graphs compute the same, and the second the same bits however it is run.</summary>
    /// <param name="builder">Made the graph, and has its numbers.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="rewritten">What became of it.</param>
    /// <param name="what">What is compared.</param>
    /// <param name="terms">Terms of the longest sum, for the tolerance.</param>
    public static void Same(RewriteBuilder builder, Graph graph, Graph rewritten, string what = "rewritten", int terms = Terms)
    {
        Assert.Equal(graph.Outputs, rewritten.Outputs);
        string[] names = [.. rewritten.Nodes.Select(node => node.Name)];
        Assert.Equal(names.Distinct(), names);
        foreach (int batch in (int[])[1, 3])
        {
            Dictionary<string, float[]> values = builder.Values(batch);
            float[][] expected = GraphHarness.Infer(graph, values, batch, new RunOptions());
            float[][] actual = GraphHarness.Infer(rewritten, values, batch, new RunOptions());
            for (int index = 0; index < expected.Length; index++)
            {
                double[] doubles = Array.ConvertAll(expected[index], number => (double)number);
                int[] shape = [.. graph.Outputs[index].Shape.Select(dimension => (int)dimension.Evaluate(GraphHarness.Symbols(batch)))];
                Comparer.AssertClose(doubles, actual[index], terms, shape, $"{what}, batch {batch}, output {index}");
            }

            foreach (RunOptions options in RunOptions.Variants)
            {
                AssertSameBits(actual, GraphHarness.Infer(rewritten, values, batch, options), $"{what}, batch {batch}, {options}");
            }

            if (batch > 1)
            {
                float[][][] images =
                [
                    .. Enumerable.Range(0, batch).Select(image =>
                        GraphHarness.Infer(rewritten, builder.Image(values, image), 1, new RunOptions())),
                ];
                float[][] together = [.. expected.Select((_, index) => images.SelectMany(image => image[index]).ToArray())];
                AssertSameBits(actual, together, $"{what}, image by image");
            }
        }
    }

    /// <summary>The one chain of a graph.</summary>
    public static ConvolutionChain Chain(Graph graph) => Assert.Single(Chains(graph));

    /// <summary>All chains of a graph, in its order.</summary>
    public static ConvolutionChain[] Chains(Graph graph) => [.. graph.Nodes.Select(node => node.Operator).OfType<ConvolutionChain>()];

    private static void AssertSameBits(float[][] expected, float[][] actual, string what)
    {
        for (int index = 0; index < expected.Length; index++)
        {
            Comparer.AssertSameBits(expected[index], actual[index], [expected[index].Length], $"{what}, output {index}");
        }
    }
}
