using Sepal.Cli.Framework;
using Sepal.Cli.Models;
using Sepal.Costs;
using Sepal.Costs.WhatIf;

namespace Sepal.Cli.Costs;

/// <summary>A file's model at another resolution, where the file leaves the size open.</summary>
internal static class ScaledFile
{
    /// <summary>Counts the model.</summary>
    /// <param name="model">The model at its own size.</param>
    /// <param name="resolution">The image's height and width.</param>
    /// <returns>The count.</returns>
    /// <exception cref="UsageException">The file has another size, or its input is no image.</exception>
    public static ScaledModel At(CountedModel model, Size2D resolution)
    {
        long channels = model.Input is [_, _, var last] ? last : 0;
        try
        {
            Dictionary<string, long> symbols = ImageSymbols.Of(
                model.Graph, [resolution.Height, resolution.Width, checked((int)channels)], model.Cost.Batch, model.Name);
            return new ScaledModel(1, resolution, ModelCost.Of(model.Graph, model.Options with { Symbols = symbols }));
        }
        catch (UsageException)
        {
            throw UsageException.ForOption(
                "--resolution",
                $"{resolution.Height}x{resolution.Width}",
                $"a size that fits the input {model.Graph.Inputs[0].Spec.Describe()} of the file '{model.Name}'; its height and width must be open");
        }
    }
}
