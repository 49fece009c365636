using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Padding and cropping: attributes before operator set 11, inputs since, of some axes only since 18.</summary>
internal static class PadImporter
{
    public static void Import(NodeImport node)
    {
        int rank = node.Input(0).Rank;
        TensorLayout layout = node.NativeLayout(0);
        PadMode mode = node.Attributes.Text("mode", "constant") switch
        {
            "constant" => PadMode.Constant,
            "reflect" => PadMode.Reflect,
            "edge" => PadMode.Edge,
            "wrap" => PadMode.Wrap,
            var other => throw node.Error($"the attribute 'mode' is '{other}'", "Expected constant, reflect, edge or wrap."),
        };
        (long[] before, long[] after) = Counts(node, rank);
        int[] order = layout == TensorLayout.ChannelsLast ? TensorLayouts.ToChannelsLast(rank) : [.. Enumerable.Range(0, rank)];
        var pad = new Pad(mode, [.. order.Select(axis => before[axis])], [.. order.Select(axis => after[axis])]);
        ImmutableArray<Value> inputs = [node.In(layout, 0)];
        if (mode == PadMode.Constant && Fill(node) is { } fill)
        {
            inputs = inputs.Add(fill);
        }

        node.Output(0, node.Add(pad, inputs), layout);
    }

    private static (long[] Before, long[] After) Counts(NodeImport node, int rank)
    {
        long[] pads = node.HasInput(1) ? node.Int64s(1)
            : node.Attributes.Ints("pads") ?? throw node.Error("it does not say by how much to pad", "Give the pads.");
        long[] axes = node.HasInput(3) ? node.Int64s(3) : [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
        if (pads.Length != 2 * axes.Length)
        {
            throw node.Error($"it has {pads.Length} pads for {axes.Length} axes", "Expected two for each axis.");
        }

        var before = new long[rank];
        var after = new long[rank];
        for (int index = 0; index < axes.Length; index++)
        {
            int axis = node.Axis(axes[index], rank);
            before[axis] = pads[index];
            after[axis] = pads[index + axes.Length];
        }

        return (before, after);
    }

    private static Value? Fill(NodeImport node) =>
        node.HasInput(2) ? node.Planar(2)
        : node.Attributes.Has("value")
            ? node.Store(TensorData.Of<float>(Shape.Scalar, ElementType.Float32, [node.Attributes.Float("value", 0)]), "value")
        : null;
}
