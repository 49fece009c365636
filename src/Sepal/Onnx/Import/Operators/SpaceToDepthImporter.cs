using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Blocks of pixels moved into channels, and back: a reshape, a transpose and a reshape.</summary>
internal static class SpaceToDepthImporter
{
    public static void Import(NodeImport node)
    {
        (long block, TensorLayout layout, Value value) = Read(node);
        Shape shape = node.Input(0).Shape;
        (Dimension batch, Dimension channels) = (shape[0], shape[1]);
        (Dimension height, Dimension width) = (Dimension.FloorDivide(shape[2], block), Dimension.FloorDivide(shape[3], block));
        Dimension all = channels * (block * block);
        if (layout == TensorLayout.ChannelsLast)
        {
            Value split = node.Reshaped(value, [batch, height, block, width, block, channels], "split");
            Value moved = node.Add(new Transpose([0, 1, 3, 2, 4, 5]), [split], "move");
            node.Output(0, node.Reshaped(moved, [batch, height, width, all]), layout);
        }
        else
        {
            Value split = node.Reshaped(value, [batch, channels, height, block, width, block], "split");
            Value moved = node.Add(new Transpose([0, 3, 5, 1, 2, 4]), [split], "move");
            node.Output(0, node.Reshaped(moved, [batch, all, height, width]), layout);
        }
    }

    public static void ImportDepthToSpace(NodeImport node)
    {
        (long block, TensorLayout layout, Value value) = Read(node);
        bool blocksFirst = node.Attributes.Text("mode", "DCR") switch
        {
            "DCR" => true,
            "CRD" => false,
            var other => throw node.Error($"the attribute 'mode' is '{other}'", "Expected DCR or CRD."),
        };
        Shape shape = node.Input(0).Shape;
        (Dimension batch, Dimension height, Dimension width) = (shape[0], shape[2], shape[3]);
        Dimension channels = Dimension.FloorDivide(shape[1], block * block);
        if (channels * (block * block) != shape[1])
        {
            throw node.Error($"{shape[1]} channels do not make blocks of {block} by {block}", "Give a multiple of that many channels.");
        }

        if (layout == TensorLayout.ChannelsLast)
        {
            Shape parts = blocksFirst ? [batch, height, width, block, block, channels] : [batch, height, width, channels, block, block];
            var move = new Transpose(blocksFirst ? [0, 1, 3, 2, 4, 5] : [0, 1, 4, 2, 5, 3]);
            Value moved = node.Add(move, [node.Reshaped(value, parts, "split")], "move");
            node.Output(0, node.Reshaped(moved, [batch, height * block, width * block, channels]), layout);
        }
        else
        {
            Shape parts = blocksFirst ? [batch, block, block, channels, height, width] : [batch, channels, block, block, height, width];
            var move = new Transpose(blocksFirst ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]);
            Value moved = node.Add(move, [node.Reshaped(value, parts, "split")], "move");
            node.Output(0, node.Reshaped(moved, [batch, channels, height * block, width * block]), layout);
        }
    }

    private static (long Block, TensorLayout Layout, Value Value) Read(NodeImport node)
    {
        if (node.Input(0).Rank != 4)
        {
            throw node.Error($"its input has the shape {node.Input(0).Shape}", "Expected batch, channels, height and width.");
        }

        long block = node.Attributes.Int("blocksize", 0);
        if (block is < 1 or > 1 << 15)
        {
            throw node.Error($"the attribute 'blocksize' is {block}", $"Expected 1 to {1 << 15}.");
        }

        TensorLayout layout = node.NativeLayout(0);
        return (block, layout, node.In(layout, 0));
    }
}
