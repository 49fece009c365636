using System.Collections.Immutable;
using Sepal.Architectures;

namespace Sepal.Costs.WhatIf;

/// <summary>An architecture at one width and one resolution: MobileNet's two multipliers (arXiv 1704.04861, section 3.3 and 3.4).</summary>
/// <param name="Width">What the paper's channels are multiplied by.</param>
/// <param name="Resolution">The image's height and width.</param>
/// <param name="Cost">What it costs.</param>
public sealed record ScaledModel(double Width, Size2D Resolution, ModelCost Cost)
{
    /// <summary>Counts an architecture at every width and every resolution.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="widths">Multipliers of its channels; its own where none is given.</param>
    /// <param name="resolutions">Heights and widths of the image; its own where none is given.</param>
    /// <param name="options">What is counted for, and by which rules; one image where not given.</param>
    /// <returns>A count for each pair, width by width.</returns>
    /// <exception cref="SepalException">The architecture has no such width or cannot take such an image.</exception>
    public static ImmutableArray<ScaledModel> Of(
        Architecture architecture, ImmutableArray<double> widths, ImmutableArray<Size2D> resolutions, CostOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        options ??= new CostOptions();
        Size2D own = new(checked((int)architecture.InputShape[0].Value), checked((int)architecture.InputShape[1].Value));
        return [.. from width in widths.IsDefaultOrEmpty ? [architecture.Width] : widths
                   from resolution in resolutions.IsDefaultOrEmpty ? [own] : resolutions
                   let graph = (architecture with
                   {
                       Width = width,
                       InputShape = [resolution.Height, resolution.Width, architecture.InputShape[2]],
                   }).BuildGraph()
                   select new ScaledModel(width, resolution, ModelCost.Of(graph, options))];
    }
}
