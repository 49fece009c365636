namespace Sepal.Shrinking;

/// <summary>Fits one layer to samples.</summary>
internal static class LayerFit
{
    /// <summary>Fits a layer, and writes what was found to the model where that is better on held-out images.</summary>
    /// <param name="original">The network as it was.</param>
    /// <param name="model">The network to correct.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="samples">What it reads and is to make.</param>
    /// <param name="options">How to fit.</param>
    /// <returns>What it gave.</returns>
    public static LayerCorrection Run(Model original, Model model, DecoupledLayer layer, LayerSamples samples, CorrectionOptions options)
    {
        LayerWeights present = LayerWeights.Read(model, layer);
        var targets = new LayerTargets(original, layer, samples, options.CorrectBias ? null : present.Bias);
        (double before, double after, LayerWeights weights) = layer.Form == DecouplingForm.DepthwisePointwise
            ? new DepthwiseFirstFit(original, layer, samples, targets, options).Improve(present)
            : new PointwiseFirstFit(layer, samples, targets, options).Improve(present);
        if (!(after < before))
        {
            return new LayerCorrection(layer.Name, before, before);
        }

        weights.Balanced(layer.Form).Write(model, layer);
        return new LayerCorrection(layer.Name, before, after);
    }
}
