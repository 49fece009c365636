namespace Sepal.Shrinking.Search;

/// <summary>Makes the networks of choices.</summary>
/// <param name="original">The network as it is given.</param>
/// <param name="data">The images.</param>
/// <param name="table">The kernels.</param>
/// <param name="options">What is done to the networks.</param>
internal sealed class NetworkMaker(Model original, ShrinkData data, CandidateTable table, ShrinkOptions options)
{
    private const int QuickImages = 128;
    private const int QuickSamples = 2048;
    private const double QuickRidge = 1e-3;

    /// <summary>The network as it is given.</summary>
    public Model Original => original;

    private CorrectionOptions FullCorrection => options.CorrectionOptions with
    {
        Images = Math.Max(options.Images, 2),
        Seed = options.Seed,
        Threads = options.Threads,
    };

    /// <summary>Replaces layers in closed form.</summary>
    /// <param name="chosen">What is put in the place of layers, by their names.</param>
    /// <returns>A new network.</returns>
    public Model Decouple(IReadOnlyDictionary<string, LayerCandidate> chosen) => DecouplingRewrite.Apply(
        original,
        chosen.ToDictionary(
            pair => pair.Key, pair => table.Kernel(pair.Key, pair.Value.Form, pair.Value.Rank), StringComparer.Ordinal));

    /// <summary>Replaces layers and corrects them, if that is asked for.</summary>
    /// <param name="chosen">What is put in the place of layers, by their names.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>A new network.</returns>
    public Model Make(IReadOnlyDictionary<string, LayerCandidate> chosen, CancellationToken cancellation) =>
        Make(chosen, FullCorrection, null, cancellation);

    /// <summary>Replaces a layer and corrects it in a hurry: enough to tell candidates apart.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="candidate">What is put in its place.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>A new network.</returns>
    public Model Try(string layer, LayerCandidate candidate, CancellationToken cancellation) => Make(
        new Dictionary<string, LayerCandidate> { [layer] = candidate },
        FullCorrection with { Images = Math.Min(QuickImages, FullCorrection.Images), Samples = Math.Min(QuickSamples, FullCorrection.Samples), Ridges = [QuickRidge], Rounds = 0 },
        null,
        cancellation);

    /// <summary>Does all that is asked for to a network.</summary>
    /// <param name="chosen">What is put in the place of layers, by their names.</param>
    /// <param name="judge">Is shown the network after every step.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>A new network.</returns>
    public Model Finish(IReadOnlyDictionary<string, LayerCandidate> chosen, Action<ShrinkStage, Model>? judge, CancellationToken cancellation)
    {
        Model network = Make(chosen, FullCorrection, judge, cancellation);
        try
        {
            if (options.PruneShare > 0)
            {
                Model pruned = Prune(network, cancellation);
                network.Dispose();
                network = pruned;
                judge?.Invoke(ShrinkStage.Pruning, network);
            }

            if (options.FineTuneEpochs > 0)
            {
                FineTune(network, cancellation);
                judge?.Invoke(ShrinkStage.FineTuning, network);
            }

            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private Model Make(
        IReadOnlyDictionary<string, LayerCandidate> chosen,
        CorrectionOptions correction,
        Action<ShrinkStage, Model>? judge,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Model decoupled = Decouple(chosen);
        try
        {
            judge?.Invoke(ShrinkStage.Decoupling, decoupled);
            if (!options.Correct || chosen.Count == 0)
            {
                return decoupled;
            }

            Model corrected = Correction.Refit(original, decoupled, [.. chosen.Keys], data.Training, correction, cancellation).Model;
            decoupled.Dispose();
            judge?.Invoke(ShrinkStage.Correction, corrected);
            return corrected;
        }
        catch
        {
            decoupled.Dispose();
            throw;
        }
    }

    private Model Prune(Model network, CancellationToken cancellation)
    {
        options.Progress?.Invoke(new ShrinkProgress(ShrinkStage.Pruning, "scoring channels", 0, 0));
        var pruning = new PruningOptions
        {
            Ratio = options.PruneShare,
            MaximumImages = options.Images,
            Threads = options.Threads,
            CancellationToken = cancellation,
        };
        return ChannelPruner.Prune(network, pruning, data.Training).Model;
    }

    private void FineTune(Model network, CancellationToken cancellation)
    {
        options.Progress?.Invoke(new ShrinkProgress(ShrinkStage.FineTuning, "before the first epoch", 0, options.FineTuneEpochs));
        FineTuner.Run(network, original, data.Training, new FineTuningOptions
        {
            Epochs = options.FineTuneEpochs,
            LearningRate = options.FineTuneLearningRate,
            UsesLabels = data.HasLabels,
            Validation = data.Search,
            Seed = options.Seed,
            Threads = options.Threads,
            Progress = epoch => options.Progress?.Invoke(new ShrinkProgress(
                ShrinkStage.FineTuning, FormattableString.Invariant($"epoch {epoch.Epoch}"), epoch.Epoch, options.FineTuneEpochs)),
            CancellationToken = cancellation,
        });
    }
}
