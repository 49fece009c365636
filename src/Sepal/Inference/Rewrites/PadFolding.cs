using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>Takes zeros that a node puts around an image into the padding of the convolution that reads it.</summary>
internal static class PadFolding
{
    public static Graph Rewrite(Graph graph)
    {
        var change = new NodeReplacement(graph);
        foreach (Node node in graph.Nodes)
        {
            if (Padding(node) is { } padding
                && graph.OnlyReader(node.Output) is { Operator: Convolution convolution } reader
                && reader.Inputs[0] == node.Output
                && Sum(padding, convolution.Padding) is { } sum)
            {
                change.Remove(node);
                change.Replace(
                    reader,
                    new Node(
                        reader.Name,
                        convolution with { Padding = sum },
                        reader.Inputs.SetItem(0, node.Inputs[0]),
                        reader.Outputs,
                        reader.LayerType)
                    {
                        Origins = [node, reader],
                    });
            }
        }

        return change.Build();
    }

    private static Padding2D? Padding(Node node) => node.Operator switch
    {
        ZeroPadding zeros => zeros.Padding,
        Pad { Mode: PadMode.Constant, Before: [0, >= 0 and < int.MaxValue, >= 0 and < int.MaxValue, 0], After: [0, >= 0 and < int.MaxValue, >= 0 and < int.MaxValue, 0] } pad
            when node.Inputs.Length == 1 || IsZero(node.Inputs[1]) =>
            Padding2D.Explicit((int)pad.Before[1], (int)pad.Before[2], (int)pad.After[1], (int)pad.After[2]),
        _ => null,
    };

    private static bool IsZero(Value value) => value is ConstantValue constant && constant.Data.Bytes.Span.IndexOfAnyExcept((byte)0) < 0;

    private static Padding2D? Sum(Padding2D first, Padding2D second)
    {
        // Padding that follows from the size of a padded image follows from another size without.
        if (second.Mode == PaddingMode.Same)
        {
            return null;
        }

        long[] sides =
        [
            (long)first.Top + second.Top, (long)first.Left + second.Left, (long)first.Bottom + second.Bottom, (long)first.Right + second.Right,
        ];
        return sides.Max() <= int.MaxValue ? Padding2D.Explicit((int)sides[0], (int)sides[1], (int)sides[2], (int)sides[3]) : null;
    }
}
