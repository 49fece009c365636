using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>
/// Writes <c>Gather</c> and <c>GatherElements</c>. Only with one axis of indices does every axis stay where it is; otherwise
/// slices are picked in Sepal's order.
/// </summary>
internal static class GatherExporter
{
    public static void Export(ExportContext context, Node node)
    {
        Value data = node.Inputs[0];
        Value indices = node.Inputs[1];
        int rank = data.Spec.Rank;
        int axis = ((Gather)node.Operator).Axis;
        if (indices.Spec.Rank == 1)
        {
            context.Add(node, "Gather", [context.Name(data), context.Name(indices)], OnnxAttributes.Int("axis", AxisOrder.ToFile(axis, rank)));
            return;
        }

        context.AddChannelsLast(
            node,
            "Gather",
            [context.ChannelsLast(data), context.ChannelsLast(indices)],
            OnnxAttributes.Int("axis", axis < 0 ? axis + rank : axis));
    }

    public static void ExportElements(ExportContext context, Node node) => context.Add(
        node,
        "GatherElements",
        [.. node.Inputs.Select(context.Name)],
        OnnxAttributes.Int("axis", AxisOrder.ToFile(((GatherElements)node.Operator).Axis, node.Inputs[0].Spec.Rank)));
}
