using System.Collections.Immutable;

namespace Sepal.Shrinking;

/// <summary>What the correction of one layer gave, on images that its weights were not fitted to.</summary>
/// <param name="Node">The name that the standard convolution had.</param>
/// <param name="ErrorBefore">
/// The error of the layer's output against the original network's, as a share of that output's deviation from its means: the root of the
/// sums of squares, each channel scaled as the batch normalisation after it does, and cut off as the rectifier after that does. The layer sees what the shrunk network feeds it.
/// </param>
/// <param name="ErrorAfter">The same after the correction.</param>
public sealed record LayerCorrection(string Node, double ErrorBefore, double ErrorAfter);

/// <summary>A corrected network.</summary>
/// <param name="Model">The network; dispose of it.</param>
/// <param name="Layers">What it gave, layer by layer, in graph order.</param>
public sealed record CorrectionResult(Model Model, ImmutableArray<LayerCorrection> Layers);
