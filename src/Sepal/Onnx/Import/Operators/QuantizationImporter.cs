using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Floats as integers and back, with scales for the whole tensor or along an axis. Both stay nodes.</summary>
internal static class QuantizationImporter
{
    public static void ImportQuantize(NodeImport node)
    {
        (TensorLayout layout, int axis) = Axis(node);
        ElementType type = node.HasInput(2)
            ? node.Input(2).DeclaredType
            : node.Attributes.Int("output_dtype", 0) is > 0 and var code
                ? OnnxElementTypes.FromOnnx(checked((int)code), "The attribute 'output_dtype'")
                : ElementType.UInt8;
        if (type is not (ElementType.Int8 or ElementType.UInt8))
        {
            throw node.Error($"it gives {type}", "Only Int8 and UInt8 are supported.");
        }

        Value data = node.In(layout, 0);
        data = data.Spec.ElementType == ElementType.Float32 ? data : node.Add(new Cast(ElementType.Float32), [data], "cast");
        node.Output(0, node.Add(new QuantizeLinear(type, axis), Inputs(node, data)), layout, type);
    }

    public static void ImportDequantize(NodeImport node)
    {
        (TensorLayout layout, int axis) = Axis(node);
        node.Output(
            0, node.Add(new DequantizeLinear(axis), Inputs(node, node.In(layout, 0))), layout, node.Input(1).DeclaredType);
    }

    private static (TensorLayout Layout, int Axis) Axis(NodeImport node)
    {
        if (node.Attributes.Int("block_size", 0) != 0)
        {
            throw node.Error("it has a scale for each block", "Only scales for the whole tensor or along an axis are supported.");
        }

        int rank = node.Input(0).Rank;
        TensorLayout layout = node.NativeLayout(0);

        // A single scale needs no axis, and the default need not exist then.
        bool hasAxis = node.Input(1).Rank == 1 && node.Input(1).Shape[0] != 1;
        return (layout, hasAxis ? layout.AxisOf(node.Axis(node.Attributes.Int("axis", 1), rank), rank) : 0);
    }

    private static ImmutableArray<Value> Inputs(NodeImport node, Value data)
    {
        Value scale = node.Input(1).Rank == 1 ? node.Vector(1, trainable: false) : node.Planar(1);
        return node.HasInput(2) ? [data, scale, node.Planar(2)] : [data, scale];
    }
}
