using Sepal.Shrinking;

namespace Sepal.Cli.Shrinking;

/// <summary>Makes the report of a result.</summary>
internal static class ShrinkReports
{
    /// <summary>Makes the report.</summary>
    /// <param name="result">The result.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="pictures">The images.</param>
    /// <param name="names">The file that was shrunk, the file that was written, and the directory of images.</param>
    /// <param name="bytes">The sizes of the two files.</param>
    /// <returns>The report, without the seconds that all of it took.</returns>
    public static ShrinkReport Of(
        ShrinkResult result,
        ShrinkOptions options,
        ShrinkPictures pictures,
        (string Model, string Output, string Data) names,
        (long Before, long After) bytes) => new()
        {
            Model = names.Model,
            Output = names.Output,
            Data = names.Data,
            Quality = result.QualityKind.ToString().ToLowerInvariant(),
            TrainingImages = pictures.Data.Training.Count,
            SearchImages = result.SearchImages,
            HeldOutImages = result.HeldOutImages,
            Original = Figures(result.Original, bytes.Before),
            Shrunk = Figures(result.Shrunk, bytes.After),
            SpeedUp = result.SpeedUp,
            QualityDrop = result.QualityDrop,
            SearchQualityDrop = result.Stages[0].Search - result.Stages[^1].Search,
            Stages = [.. result.Stages.Select(stage => new StageRow(NameOf(stage.Stage), stage.Search, stage.HeldOut))],
            Layers = [.. result.Layers.Select(Layer)],
            Networks = [.. result.Networks.Select(network => new NetworkRow(
                network.MultiplyAccumulates,
                network.Parameters,
                network.Milliseconds,
                network.Quality,
                network.Replaced,
                network.IsOnFront,
                network.IsChosen))],
            Settings = new ShrinkSettings(
                options.MaximumAccuracyDrop,
                options.MaximumMultiplyAccumulates,
                options.MaximumParameters,
                options.SpeedUp,
                options.Images,
                options.FineTuneEpochs,
                options.PruneShare,
                [.. options.Forms.Select(NameOf)],
                options.TimedBatch,
                options.Threads,
                options.Seed),
            Skipped = pictures.Skipped.Length,
            Seconds = 0,
        };

    private static FileFigures Figures(NetworkFigures network, long bytes) =>
        new(network.MultiplyAccumulates, network.Parameters, network.Milliseconds, bytes);

    private static ShrunkLayerRow Layer(LayerDecision layer) => new(
        layer.Name,
        layer.IsReplaced,
        layer.Reason,
        layer.Form is { } form ? NameOf(form) : null,
        layer.Rank,
        layer.ReconstructionError,
        layer.QualityDrop,
        layer.Before.MultiplyAccumulates,
        layer.After.MultiplyAccumulates,
        layer.Before.Parameters,
        layer.After.Parameters,
        layer.Before.Milliseconds,
        layer.After.Milliseconds);

    private static string NameOf(DecouplingForm form) =>
        form == DecouplingForm.DepthwisePointwise ? "depthwise-pointwise" : "pointwise-depthwise";

    private static string NameOf(ShrinkStage stage) => stage switch
    {
        ShrinkStage.Original => "original",
        ShrinkStage.Decoupling => "decoupling",
        ShrinkStage.Correction => "correction",
        ShrinkStage.Pruning => "pruning",
        ShrinkStage.FineTuning => "fine-tuning",
        _ => stage.ToString().ToLowerInvariant(),
    };
}
