using Sepal.Graphs;

namespace Sepal.Costs;

/// <summary>What one form of a convolution, or one step of it, costs for one example.</summary>
/// <param name="Name"><c>standard</c>, <c>depthwise</c>, <c>pointwise</c> or <c>separable</c>.</param>
/// <param name="Parameters">Parameters, its bias included, in elements.</param>
/// <param name="MultiplyAccumulates">MACs: multiplies with one add each.</param>
/// <param name="Output">The output's shape without the batch: height, width, channels.</param>
public sealed record ConvolutionForm(string Name, long Parameters, long MultiplyAccumulates, Shape Output);
