using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Normalisation of layers and instances, and by neighbouring channels.</summary>
internal static class NormalizationImporter
{
    public static void ImportLayer(NodeImport node)
    {
        ImportedValue data = node.Input(0);
        int axis = node.Axis(node.Attributes.Int("axis", -1), data.Rank);
        Shape normalized = [.. data.Shape.Skip(axis)];
        for (int index = 1; index < node.InputCount; index++)
        {
            if (!node.Input(index).Shape.Equals(normalized))
            {
                throw node.Error(
                    $"input {index} has the shape {node.Input(index).Shape}", $"Expected that of the normalised axes, {normalized}.");
            }
        }

        ImmutableArray<Value> inputs = [.. Enumerable.Range(0, node.InputCount).Select(node.Planar)];
        Node made = node.AddNode(new LayerNormalization(axis) { Epsilon = node.Attributes.Float("epsilon", 1e-5f) }, inputs);
        node.Output(0, made.Outputs[0], TensorLayout.Planar);
        node.Output(1, made.Outputs[1], TensorLayout.Planar, ElementType.Float32);
        node.Output(2, made.Outputs[2], TensorLayout.Planar, ElementType.Float32);
    }

    public static void ImportInstance(NodeImport node)
    {
        var normalization = new InstanceNormalization { Epsilon = node.Attributes.Float("epsilon", 1e-5f) };
        node.Output(0, node.Add(normalization, [node.ChannelsLast(0), node.Vector(1), node.Vector(2)]), TensorLayout.ChannelsLast);
    }

    public static void ImportLocalResponse(NodeImport node)
    {
        var normalization = new LocalResponseNormalization(node.Attributes.Int32("size", 0))
        {
            Alpha = node.Attributes.Float("alpha", 1e-4f),
            Beta = node.Attributes.Float("beta", 0.75f),
            Bias = node.Attributes.Float("bias", 1),
        };
        node.Output(0, node.Add(normalization, [node.ChannelsLast(0)]), TensorLayout.ChannelsLast);
    }
}
