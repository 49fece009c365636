using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;

namespace Sepal;

/// <content>Transfer learning: a trained network's features with a new classifier behind them.</content>
public partial class Model
{
    /// <summary>
    /// A copy of the model in which layers are left alone by training: their parameters stay, and batch normalisation uses
    /// its moving statistics and leaves them.
    /// </summary>
    /// <param name="paths">
    /// Which nodes: those whose path is one of these or begins with one and a <c>/</c> or a <c>.</c>, for example
    /// <c>features</c>; all of them where none is given.
    /// </param>
    /// <returns>A new model with the same numbers. This one stays as it is.</returns>
    /// <exception cref="GraphException">No node has such a path.</exception>
    /// <remarks>Keras's <c>layer.trainable = False</c>, PyTorch's <c>requires_grad_(False)</c> and <c>eval()</c> on those modules.</remarks>
    public Model Freeze(params ReadOnlySpan<string> paths)
    {
        foreach (string path in paths)
        {
            if (!Graph.Nodes.Any(node => IsBelow(node.Name, path)))
            {
                throw new GraphException(
                    $"No node of the model is at '{path}' or below. Its first nodes: {string.Join(", ", Graph.Nodes.Take(10).Select(node => node.Name))}.");
            }
        }

        string[] below = [.. paths];
        return FreezeWhere((_, node) => below.Length == 0 || below.Any(path => IsBelow(node.Name, path)));
    }

    /// <summary>
    /// A copy of the model in which everything below the classifier is left alone by training: what <see cref="ReplaceHead"/> keeps.
    /// </summary>
    /// <returns>A new model with the same numbers. This one stays as it is.</returns>
    /// <exception cref="GraphException">The model ends in no dense layer and no 1×1 convolution.</exception>
    public Model FreezeBackbone()
    {
        int head = LastClassifier();
        return FreezeWhere((index, _) => index < head);
    }

    /// <summary>
    /// A copy of the model in which its first convolutions and dense layers are left alone by training, with all that comes
    /// before the next of them: their batch normalisation, activation and pooling. A separable convolution is two.
    /// </summary>
    /// <param name="layers">How many convolutions and dense layers, fewer than there are.</param>
    /// <returns>A new model with the same numbers. This one stays as it is.</returns>
    /// <exception cref="GraphException">There are no more than so many.</exception>
    public Model FreezeFirst(int layers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        int[] places = [.. Graph.Nodes.Index().Where(entry => IsLayer(entry.Item)).Select(entry => entry.Index)];
        if (layers >= places.Length)
        {
            throw new GraphException(
                $"The model has {places.Length} convolutions and dense layers. To freeze {layers} of them leaves nothing to train: give fewer than {places.Length}.");
        }

        return FreezeWhere((index, _) => index < places[layers]);
    }

    /// <summary>
    /// A copy of the model with a new classifier in place of the old one: the last dense layer, or the last 1×1 convolution
    /// where a network ends in one, and all that follows it give way to a new layer of that kind and a softmax.
    /// </summary>
    /// <param name="classes">How many classes to tell apart, at least 2.</param>
    /// <param name="seed">The seed of the new layer's first numbers (Glorot, uniform).</param>
    /// <returns>A new model with the same numbers elsewhere. This one stays as it is.</returns>
    /// <exception cref="GraphException">The model has several outputs, or ends in no layer of these kinds.</exception>
    public Model ReplaceHead(int classes, ulong seed = 0)
    {
        if (classes < 2)
        {
            throw new GraphException($"A classifier of {classes} class(es) makes no sense. Give at least 2.");
        }

        if (Graph.Outputs.Length != 1)
        {
            throw new GraphException($"The model has {Graph.Outputs.Length} outputs. Only the classifier of a model with one can be replaced.");
        }

        int head = LastClassifier();
        Node old = Graph.Nodes[head];
        var copy = new GraphCopy(Graph, Store);
        foreach (Node node in Graph.Nodes.Take(head))
        {
            copy.Copy(node);
        }

        Value output = new NewHead(copy.Builder, old.Name).Add(old, copy.Of(old.Inputs[0]), classes);
        var model = new Model(copy.Builder.Build(output));
        model.Initialize(seed);
        return model;
    }

    private static bool IsLayer(Node node) =>
        node.Operator is Convolution or ConvolutionTranspose or Dense or MatMul && node.Inputs is [_, Parameter, ..];

    private static bool IsBelow(string name, string path) =>
        name.StartsWith(path, StringComparison.Ordinal) && (name.Length == path.Length || name[path.Length] is '/' or '.');

    private Model FreezeWhere(Func<int, Node, bool> isFrozen)
    {
        var copy = new GraphCopy(Graph, Store);
        foreach ((int index, Node node) in Graph.Nodes.Index())
        {
            bool frozen = isFrozen(index, node);
            Operator @operator = frozen && node.Operator is BatchNormalization normalization
                ? normalization with { Frozen = true }
                : node.Operator;
            copy.Copy(node, @operator, trainable: !frozen);
        }

        return new Model(copy.Build());
    }

    private int LastClassifier()
    {
        for (int index = Graph.Nodes.Length - 1; index >= 0; index--)
        {
            if (NewHead.CanReplace(Graph.Nodes[index]))
            {
                return index;
            }
        }

        throw new GraphException(
            "The model has no dense layer and no 1×1 convolution to replace. Its last nodes: "
            + $"{string.Join(", ", Graph.Nodes.TakeLast(5).Select(node => node.ToString()))}.");
    }
}
