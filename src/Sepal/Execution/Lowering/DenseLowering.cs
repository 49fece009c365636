using Sepal.Graphs;
using Sepal.Kernels;

namespace Sepal.Execution.Lowering;

/// <summary>Runs a dense layer as the pointwise convolution that it is: rows are a batch of 1×1 images.</summary>
internal static class DenseLowering
{
    public static void Lower(ForwardContext context, Node node) =>
        ConvolutionLowering.Lower(context, node, Geometry(context, node));

    /// <summary>A dense layer's numbers as a convolution's, of images as they are where it reads such.</summary>
    public static ConvolutionGeometry ImageGeometry(ForwardContext context, Node node)
    {
        ConvolutionGeometry pixels = Geometry(context, node);
        return context.Dimensions(node.Inputs[0]) is [var batch, var height, var width, _]
            ? pixels with { Batch = batch, InputHeight = height, InputWidth = width, OutputHeight = height, OutputWidth = width }
            : pixels;
    }

    /// <summary>A dense layer's numbers as a convolution's.</summary>
    public static ConvolutionGeometry Geometry(ForwardContext context, Node node)
    {
        int[] input = context.Dimensions(node.Inputs[0]);
        int channels = input[^1];
        return new ConvolutionGeometry
        {
            Batch = checked((int)(context.Length(node.Inputs[0]) / channels)),
            InputHeight = 1,
            InputWidth = 1,
            InputChannels = channels,
            OutputHeight = 1,
            OutputWidth = 1,
            OutputChannels = ((Operators.Dense)node.Operator).Units,
            KernelHeight = 1,
            KernelWidth = 1,
        };
    }
}
