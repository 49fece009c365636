using Sepal.Graphs;
using Sepal.Kernels.Copying;

namespace Sepal.Execution.Lowering;

/// <summary>Joins two tensors' channels alternately, into one tensor or into a half each.</summary>
internal static class AlternateChannelsLowering
{
    public static unsafe void Lower(ForwardContext context, Node node)
    {
        PlanBuffer left = context.Buffer(node.Inputs[0]);
        PlanBuffer right = context.Buffer(node.Inputs[1]);
        PlanBuffer[] outputs = [.. node.Outputs.Select(context.Allocate)];
        int channels = context.Dimensions(node.Inputs[0])[^1];
        int share = channels / outputs.Length;
        ChannelAlternation kernel = ChannelAlternation.Create(channels, share);
        Partition pixels = Partition.OfRows(context.Length(node.Inputs[0]) / channels, 2L * channels);
        context.Plan.Add(
            node.Name,
            "forward",
            pixels.Parts,
            [left, right],
            outputs,
            (run, part, _) =>
            {
                (long from, long to) = pixels.Range(part);
                for (int output = 0; output < outputs.Length; output++)
                {
                    kernel.Run(
                        run.Floats(left) + (from * channels) + (output * share),
                        run.Floats(right) + (from * channels) + (output * share),
                        run.Floats(outputs[output]) + (from * 2 * share),
                        to - from);
                }
            });
    }
}
