using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Onnx.Protocol;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>QuantizeLinear</c> and <c>DequantizeLinear</c>, with the axis of the file's order where scales differ along one.</summary>
internal static class QuantizationExporter
{
    public static void ExportQuantize(ExportContext context, Node node)
    {
        var quantize = (QuantizeLinear)node.Operator;
        ImmutableArray<string> inputs = [.. node.Inputs.Select(context.Name)];
        if (inputs.Length == 2 && quantize.Type != ElementType.UInt8)
        {
            // ONNX knows the type of the result by the zero point alone; without one it is UInt8.
            string zero = context.Fresh($"{node.Name}/zero_point");
            Shape scale = node.Inputs[1].Shape;
            var data = new TensorData(scale, quantize.Type, new byte[checked(scale.ElementCount.Value * quantize.Type.ByteSize())]);
            context.Proto.Initializer.Add(OnnxTensor.Write(zero, data));
            inputs = inputs.Add(zero);
        }

        context.Add(node, "QuantizeLinear", inputs, Axis(node, quantize.Axis));
    }

    public static void ExportDequantize(ExportContext context, Node node) => context.Add(
        node, "DequantizeLinear", [.. node.Inputs.Select(context.Name)], Axis(node, ((DequantizeLinear)node.Operator).Axis));

    /// <summary>A scale for the whole tensor needs no axis, and the operator's need not exist then.</summary>
    private static AttributeProto[] Axis(Node node, int axis) => Quantization.IsForTensor(node.Inputs[1].Shape)
        ? []
        : [OnnxAttributes.Int("axis", AxisOrder.ToFile(axis, node.Inputs[0].Spec.Rank))];
}
