using Sepal.Graphs;
using Sepal.Kernels.Copying;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Copies a tensor into a larger or smaller one.</summary>
internal static class PadLowering
{
    public static void Lower(ForwardContext context, Node node) => AxisCopyLowering.Add(
        context, node, Positions(context, node), node.Inputs.Length > 1 ? context.Buffer(node.Inputs[1]) : null);

    /// <summary>The input's positions for each axis of the output.</summary>
    public static int[]?[] Positions(ForwardContext context, Node node)
    {
        var pad = (Pad)node.Operator;
        int[] input = context.Dimensions(node.Inputs[0]);
        int[] output = context.Dimensions(node.Output);
        return [.. input.Select((extent, axis) => AxisCopyLowering.Positions(
            extent, output[axis], place => Position(pad.Mode, place - pad.Before[axis], extent)))];
    }

    private static long Position(PadMode mode, long place, long extent) => mode switch
    {
        _ when place >= 0 && place < extent => place,
        PadMode.Reflect => Mirror(place, extent),
        PadMode.Edge => Math.Clamp(place, 0, extent - 1),
        PadMode.Wrap => Wrap(place, extent),
        _ => AxisCopy.Outside,
    };

    private static long Mirror(long place, long extent)
    {
        long period = 2 * (extent - 1);
        long wrapped = period == 0 ? 0 : Wrap(place, period);
        return wrapped < extent ? wrapped : period - wrapped;
    }

    private static long Wrap(long place, long period) => ((place % period) + period) % period;
}
