using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Sepal.Training;

namespace Sepal.Shrinking;

/// <summary>
/// A classifier up to its logits, one row an image, whatever stands behind them: what is trained in its place, so that no form of
/// the output, softmax or not, makes a difference.
/// </summary>
internal sealed class Trunk : IDisposable
{
    // Shrinking moves the statistics that batch normalisation goes by. At Keras's 0.99 they would lag behind for hundreds of steps,
    // which few images do not give, and every epoch would be judged by the wrong ones.
    private const float MostMomentum = 0.9f;

    private readonly AddedNormalizations _added;

    private Trunk(Model model, AddedNormalizations added)
    {
        Model = model;
        _added = added;
    }

    /// <summary>What is trained.</summary>
    public Model Model { get; }

    /// <summary>Makes the trunk, with the model's numbers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">Images to measure what batch normalisations need that are put in; null for putting in none.</param>
    /// <param name="options">Threads, and what may stop.</param>
    /// <exception cref="TrainingException">The model gives no classes.</exception>
    public static Trunk Of(Model model, Dataset? images, FineTuningOptions options)
    {
        Graph graph = model.Graph;
        if (graph.Inputs is not [{ Spec.ElementType: ElementType.Float32 }] || graph.Outputs.Length != 1)
        {
            throw new TrainingException(
                $"Fine-tuning needs a model with one input of float32 and one output; this one has {graph.Inputs.Length} and {graph.Outputs.Length}.");
        }

        Value logits = Logits(graph);
        var added = new AddedNormalizations(graph.For([logits]), model, images, options);
        var copy = new GraphCopy(graph, model.Store);
        foreach (Node node in graph.For([logits]).Nodes)
        {
            if (added.Add(copy, node))
            {
                continue;
            }

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

        return new Trunk(trunk, added);
    }

    /// <summary>Copies the trunk's numbers into the model that it was made of.</summary>
    public void PutBack(Model model)
    {
        Dictionary<string, Parameter> parameters = model.Graph.Parameters.ToDictionary(parameter => parameter.Name);
        foreach (Parameter parameter in Model.Graph.Parameters)
        {
            if (parameters.TryGetValue(parameter.Name, out Parameter? own))
            {
                model.SetParameter(own, Model.GetParameter(parameter));
            }
        }

        _added.Fold(Model, model);
    }

    public void Dispose() => Model.Dispose();

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
