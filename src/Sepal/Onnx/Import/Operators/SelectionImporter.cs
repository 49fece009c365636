using System.Globalization;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Positions of extreme elements, and the most extreme ones.</summary>
internal static class SelectionImporter
{
    public static void ImportArgExtremum(NodeImport node)
    {
        int axis = node.Axis(node.Attributes.Int("axis", 0), node.Input(0).Rank);
        bool keep = node.Attributes.Flag("keepdims", true);
        var input = ReducedAxes.Of(node, [axis], keep);
        var extremum = new ArgExtremum(
            node.OperatorType == "ArgMax" ? ExtremumFunction.Maximum : ExtremumFunction.Minimum, input.Axes[0])
        {
            KeepDimensions = keep,
            SelectLastIndex = node.Attributes.Flag("select_last_index", false),
        };
        node.Output(0, node.Add(extremum, [input.Value]), input.Layout, ElementType.Int64);
    }

    public static void ImportTopK(NodeImport node)
    {
        int rank = node.Input(0).Rank;
        TensorLayout layout = node.NativeLayout(0);
        int axis = layout.AxisOf(node.Axis(node.Attributes.Int("axis", -1), rank), rank);
        long count = node.Opset < 10
            ? node.Attributes.Int("k", 0)
            : node.Int64s(1) is [var given]
                ? given
                : throw node.Error($"input 1 has the shape {node.Input(1).Shape}", "Expected one number, how many elements to take.");
        if (count is < 0 or > int.MaxValue)
        {
            throw node.Error($"{count.ToString(CultureInfo.InvariantCulture)} elements are to be taken", "Take at least 0.");
        }

        var top = new TopK((int)count, axis)
        {
            Largest = node.Attributes.Flag("largest", true),
            Sorted = node.Attributes.Flag("sorted", true),
        };
        Node made = node.AddNode(top, [node.In(layout, 0)]);
        node.Output(0, made.Outputs[0], layout);
        node.Output(1, made.Outputs[1], layout, ElementType.Int64);
    }
}
