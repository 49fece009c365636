using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Training;

namespace Sepal.Shrinking;

/// <summary>
/// Structured pruning: removes whole channels from any network, with all that goes with them. The two sides of an addition, a
/// depthwise filter and its channel, a gate and what it multiplies go together; what cannot be followed stays, with the reason.
/// </summary>
public static class ChannelPruner
{
    /// <summary>Tells which layers' channels go together, and which stay for what reason.</summary>
    /// <param name="model">The model.</param>
    /// <returns>The groups, in graph order, nothing removed.</returns>
    public static ImmutableArray<PruningGroup> Groups(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var flow = ChannelFlow.Of(Recognized(model.Graph));
        return Report(flow, ChannelGroup.Find(flow), []);
    }

    /// <summary>Removes the channels that matter least.</summary>
    /// <param name="model">The model. It stays as it is.</param>
    /// <param name="options">Which channels, and how many.</param>
    /// <param name="images">
    /// Images to measure channels on, and to make up for the mean of those that go; no labels. Without them, channels are scored by
    /// <see cref="ChannelScore.BatchNormalizationScale"/> only.
    /// </param>
    /// <returns>The new model, and what became of which channels.</returns>
    /// <exception cref="SepalException">
    /// An option makes no sense, there is no channel that could go, the images do not fit or are missing, or the budget cannot be reached.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PruningResult Prune(Model model, PruningOptions options, Dataset? images = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.RequireRanges();
        if (images is null && options.Score == ChannelScore.ActivationEnergy)
        {
            throw new SepalException("Pruning by activation energy needs images; a few hundred without labels do. Give images, or score by batch normalisation's scale.");
        }

        var flow = ChannelFlow.Of(Recognized(model.Graph));
        Value[] read = [.. flow.Readers.Where(reader => reader.Channels is not null).Select(reader => reader.Node.Inputs[0])];
        ChannelStatistics? statistics = images is null || read.Length == 0 ? null : ChannelStatistics.Of(flow.Graph, model, read, images, options);
        bool corrects = statistics is not null && options.CorrectBias;
        Dictionary<int, double> scores = options.Score == ChannelScore.BatchNormalizationScale
            ? ChannelScores.OfScales(flow, model)
            : statistics is null ? [] : ChannelScores.OfEnergies(flow, model, statistics, corrects);
        ImmutableArray<ChannelGroup> groups = ChannelGroup.Find(flow, @class => scores.ContainsKey(@class) ? null : Unscored(options.Score));
        if (groups.All(group => group.Classes.Length < 2))
        {
            throw new SepalException(
                "The model has no channels that could be pruned: "
                + $"{string.Join("; ", groups.Where(group => group.Reason is not null).Select(group => $"'{group.Layers[0].Name}': {group.Reason}").Take(3))}.");
        }

        HashSet<int> removed = new ChannelSelection(flow, groups, scores, options).Choose();
        MeanCorrection? correction = corrects ? new MeanCorrection(flow, removed, model, statistics!) : null;
        var pruned = new Model(ChannelRemoval.Apply(flow, removed, model, correction));
        return new PruningResult(pruned, Report(flow, groups, removed));
    }

    private static string Unscored(ChannelScore score) => score == ChannelScore.BatchNormalizationScale
        ? "no batch normalisation scales them"
        : "no layer that mixes channels reads them";

    private static ImmutableArray<PruningGroup> Report(ChannelFlow flow, ImmutableArray<ChannelGroup> groups, HashSet<int> removed)
    {
        Dictionary<int, int> sizes = flow.Makers.SelectMany(maker => maker.Channels).CountBy(flow.Classes.Find).ToDictionary();
        return
        [
            .. groups.Select(group => new PruningGroup(
                [.. group.Layers.Select(layer => layer.Name)],
                group.Channels,
                group.Channels - group.Classes.Where(removed.Contains).Sum(@class => sizes[@class]))
            {
                Reason = group.Reason,
            }),
        ];
    }

    /// <summary>The graph with channel shuffles as one operator where a file has them in parts.</summary>
    private static Graph Recognized(Graph graph)
    {
        string batch = Dimension.Batch.ToString();
        bool isOpen = graph.Nodes.SelectMany(node => node.Outputs).SelectMany(value => value.Shape).Any(
            dimension => dimension.SymbolNames.Any(name => name != batch));
        return isOpen
            ? graph
            : TransposeCancelling.Rewrite(ChannelShuffleRecognition.Rewrite(graph, new Dictionary<string, long> { [batch] = 1 }));
    }
}
