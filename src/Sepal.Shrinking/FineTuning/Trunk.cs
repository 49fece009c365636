using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Sepal.Training;

namespace Sepal.Shrinking;

/// <summary>
/// A classifier up to its logits, one row an image, whatever stands behind them: what is trained in its place, so that no form of
/// the output, softmax or not, makes a difference.
/// </summary>
internal static class Trunk
{
    // Shrinking moves the statistics that batch normalisation goes by. At Keras's 0.99 they would lag behind for hundreds of steps,
    // which few images do not give, and every epoch would be judged by the wrong ones.
    private const float MostMomentum = 0.9f;

    /// <summary>Makes the trunk, with the model's numbers.</summary>
    /// <exception cref="TrainingException">The model gives no classes.</exception>
    public static Model Of(Model model)
    {
        Graph graph = model.Graph;
        if (graph.Inputs is not [{ Spec.ElementType: ElementType.Float32 }] || graph.Outputs.Length != 1)
        {
            throw new TrainingException(
                $"Fine-tuning needs a model with one input of float32 and one output; this one has {graph.Inputs.Length} and {graph.Outputs.Length}.");
        }

        Value logits = Logits(graph);
        var copy = new GraphCopy(graph, model.Store);
        foreach (Node node in graph.For([logits]).Nodes)
        {
            copy.Copy(node, node.Operator is BatchNormalization { Momentum: > MostMomentum } normalization
                ? normalization with { Momentum = MostMomentum }
                : null);
        }

        Value output = copy.Of(logits);
        if (output.Shape.Rank > 2)
        {
            output = copy.Builder.Add($"{output.Name}/row", new Flatten(), [output]).Output;
        }

        if (output.Shape.Rank != 2 || output.Spec.Channels is not { IsKnown: true, Value: >= 2 })
        {
            throw new TrainingException(
                $"Fine-tuning by distillation needs a classifier of at least 2 classes, but the output is {graph.Outputs[0].Spec.Describe()}.");
        }

        var trunk = new Model(copy.Builder.Build(output));
        if (!trunk.Graph.Parameters.Any(parameter => parameter.Trainable))
        {
            trunk.Dispose();
            throw new TrainingException("The model has no trainable parameter to fine-tune. Leave at least one layer trainable.");
        }

        return trunk;
    }

    /// <summary>Copies the trunk's numbers into the model that it was made of.</summary>
    public static void PutBack(Model trunk, Model model)
    {
        Dictionary<string, Parameter> parameters = model.Graph.Parameters.ToDictionary(parameter => parameter.Name);
        foreach (Parameter parameter in trunk.Graph.Parameters)
        {
            model.SetParameter(parameters[parameter.Name], trunk.GetParameter(parameter));
        }
    }

    /// <summary>What the last softmax reads, if only the shape is changed behind it; else the output.</summary>
    private static Value Logits(Graph graph)
    {
        Value value = graph.Outputs[0];
        while (graph.Producer(value) is { Operator: Reshape or Flatten or Transpose or Dropout } node)
        {
            value = node.Inputs[0];
        }

        return graph.Producer(value) switch
        {
            { Operator: Softmax } softmax => softmax.Inputs[0],
            { Operator: Unary { Function: UnaryFunction.Sigmoid } } sigmoid => throw new TrainingException(
                $"The model ends in a sigmoid ('{sigmoid.Name}'), so that its outputs are no classes that exclude each other. "
                + "Fine-tuning by distillation needs logits or a softmax."),
            _ => graph.Outputs[0],
        };
    }
}
