using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Slices or elements that indices pick.</summary>
internal static class GatherImporter
{
    public static void Import(NodeImport node)
    {
        int rank = node.Input(0).Rank;
        int axis = node.Axis(node.Attributes.Int("axis", 0), rank);

        // Only with one axis of indices does every axis stay where it is.
        TensorLayout layout = node.Input(1).Rank == 1 ? node.NativeLayout(0) : TensorLayout.Planar;
        var gather = new Gather(layout.AxisOf(axis, rank));
        node.Output(0, node.Add(gather, [node.In(layout, 0), node.Planar(1)]), layout);
    }

    public static void ImportElements(NodeImport node)
    {
        int rank = node.Input(0).Rank;
        int axis = node.Axis(node.Attributes.Int("axis", 0), rank);
        TensorLayout layout = node.Input(1).Rank == rank ? node.NativeLayout(0) : TensorLayout.Planar;
        var gather = new GatherElements(layout.AxisOf(axis, rank));
        node.Output(0, node.Add(gather, [node.In(layout, 0), node.In(layout, 1)]), layout);
    }
}
