using Sepal.Graphs;

namespace Sepal.Inference.Rewrites;

/// <summary>All rewrites that make a graph faster to run, in the order in which they help each other.</summary>
internal static class InferenceRewrites
{
    /// <summary>Rewrites a graph for one combination of concrete sizes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="symbols">Values for the open dimensions.</param>
    /// <param name="smallestImage">As for <see cref="RowFusion"/>.</param>
    public static Graph Apply(Graph graph, IReadOnlyDictionary<string, long> symbols, long? smallestImage = null)
    {
        graph = ChannelShuffleRecognition.Rewrite(graph, symbols);
        graph = TransposeCancelling.Rewrite(graph);
        graph = ShuffleFusion.Rewrite(graph);
        graph = SwishRecognition.Rewrite(graph);
        graph = PadFolding.Rewrite(graph);
        graph = ConvolutionWrapping.Rewrite(graph);
        graph = NormalizationFusion.Rewrite(graph);
        graph = ResidualFusion.Rewrite(graph);
        graph = ActivationFusion.Rewrite(graph);
        graph = ScaleFusion.Rewrite(graph);
        graph = PoolingFusion.Rewrite(graph);
        graph = PlanarInput.Rewrite(graph);
        return RowFusion.Rewrite(graph, symbols, smallestImage);
    }
}
