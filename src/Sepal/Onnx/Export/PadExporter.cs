using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>
/// Writes <c>Pad</c>. Wrapping, which opset 17 does not have, is written as <c>Gather</c> along each axis. Before a pooling a
/// constant is written as two nodes, a row too many and then a row less: see <see cref="ZeroPaddingExporter"/>.
/// </summary>
internal static class PadExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var pad = (Pad)node.Operator;
        int[] order = AxisOrder.OfFile(pad.Before.Length);
        long[] before = [.. order.Select(axis => pad.Before[axis])];
        long[] after = [.. order.Select(axis => pad.After[axis])];
        string data = context.Name(node.Inputs[0]);
        if (pad.Mode == PadMode.Wrap)
        {
            Wrap(context, node, data, before, after, [.. order.Select(axis => node.Inputs[0].Shape[axis])]);
            return;
        }

        var mode = OnnxAttributes.String("mode", pad.Mode switch
        {
            PadMode.Reflect => "reflect",
            PadMode.Edge => "edge",
            _ => "constant",
        });
        ImmutableArray<string> value = node.Inputs.Length == 2 ? [Scalar(context, node)] : [];
        if (pad.Mode == PadMode.Constant && before.Length > 2 && context.Graph.Consumers(node.Output) is [{ Operator: Pooling }])
        {
            var less = new long[2 * before.Length];
            after[2]++;
            less[before.Length + 2] = -1;
            string larger = context.AddPart(
                node, "larger", "Pad", [data, context.Integers(node.Name, "pads", [.. before, .. after]), .. value], mode);
            context.Add(node, "Pad", [larger, context.Integers(node.Name, "pads", less), .. value], mode);
            return;
        }

        context.Add(node, "Pad", [data, context.Integers(node.Name, "pads", [.. before, .. after]), .. value], mode);
    }

    /// <summary>The value as a scalar or a vector of one, as ONNX takes it.</summary>
    private static string Scalar(ExportContext context, Node node)
    {
        Value value = node.Inputs[1];
        return value.Spec.Rank <= 1
            ? context.Name(value)
            : context.AddPart(node, "value", "Reshape", [context.Name(value), context.Integers(node.Name, "shape", 1)]);
    }

    private static void Wrap(ExportContext context, Node node, string data, long[] before, long[] after, Dimension[] lengths)
    {
        int[] padded = [.. Enumerable.Range(0, before.Length).Where(axis => before[axis] != 0 || after[axis] != 0)];
        if (padded.Length == 0)
        {
            context.Add(node, "Identity", [data]);
            return;
        }

        foreach (int axis in padded)
        {
            if (!lengths[axis].IsKnown)
            {
                throw new OnnxException(
                    $"Node '{node.Name}' (Pad): wrapping around an axis of the open length {lengths[axis]} cannot be written to ONNX's opset 17. "
                    + "Give the model's input a fixed height and width.");
            }

            long length = lengths[axis].Value;
            var indices = new long[checked((int)(length + before[axis] + after[axis]))];
            for (int index = 0; index < indices.Length; index++)
            {
                indices[index] = (((index - before[axis]) % length) + length) % length;
            }

            string name = context.Integers(node.Name, "indices", indices);
            if (axis == padded[^1])
            {
                context.Add(node, "Gather", [data, name], OnnxAttributes.Int("axis", axis));
            }
            else
            {
                data = context.AddPart(node, "wrapped", "Gather", [data, name], OnnxAttributes.Int("axis", axis));
            }
        }
    }
}
