using Sepal.Graphs;

namespace Sepal.Training.Gradients;

/// <summary>The gradient of a cast that changes nothing; others cut off what is before them.</summary>
internal static class CastGradient
{
    public static void Add(GradientContext context, Node node)
    {
        ElementType from = node.Inputs[0].Spec.ElementType;
        ElementType to = node.Output.Spec.ElementType;
        if (from != ElementType.Float32 || to != ElementType.Float32)
        {
            throw new SepalException(
                $"Node '{node.Name}': a cast from {from} to {to} has no gradient, so nothing before it can be trained. "
                + "Freeze the layers before it, or replace it.");
        }

        context.Contribute(node.Inputs[0], context.OutputGradient(node));
    }
}
