using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>ArgMax</c> and <c>ArgMin</c>; an image whose axis goes is transposed first, so that what is left has Sepal's order.</summary>
internal static class ArgExtremumExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var extremum = (ArgExtremum)node.Operator;
        Value data = node.Inputs[0];
        int rank = data.Spec.Rank;
        string type = extremum.Function == ExtremumFunction.Maximum ? "ArgMax" : "ArgMin";
        var keep = OnnxAttributes.Int("keepdims", extremum.KeepDimensions ? 1 : 0);
        var last = OnnxAttributes.Int("select_last_index", extremum.SelectLastIndex ? 1 : 0);
        if (extremum.KeepDimensions)
        {
            context.Add(node, type, [context.Name(data)], OnnxAttributes.Int("axis", AxisOrder.ToFile(extremum.Axis, rank)), keep, last);
            return;
        }

        int axis = extremum.Axis < 0 ? extremum.Axis + rank : extremum.Axis;
        context.AddChannelsLast(node, type, [context.ChannelsLast(data)], OnnxAttributes.Int("axis", axis), keep, last);
    }
}
