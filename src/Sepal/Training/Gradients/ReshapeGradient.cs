using Sepal.Graphs;

namespace Sepal.Training.Gradients;

/// <summary>The gradient of other dimensions for the same elements: the output's, as it is.</summary>
internal static class ReshapeGradient
{
    public static void Add(GradientContext context, Node node) =>
        context.Contribute(node.Inputs[0], context.OutputGradient(node));
}
