using Sepal.Execution.Lowering;
using Sepal.Graphs;

namespace Sepal.Training.Gradients;

/// <summary>The gradients of a dense layer, as those of the pointwise convolution that it is.</summary>
internal static class DenseGradient
{
    public static void Add(GradientContext context, Node node) =>
        ConvolutionGradient.Add(context, node, DenseLowering.Geometry(context.Forward, node));
}
