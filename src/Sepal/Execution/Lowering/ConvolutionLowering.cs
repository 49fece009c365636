using Sepal.Graphs;
using Sepal.Kernels;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Runs a convolution of any kind by the algorithm chosen for its numbers.</summary>
internal static class ConvolutionLowering
{
    public static void Lower(ForwardContext context, Node node) => Lower(context, node, Geometry(context, node));

    /// <summary>A convolution's numbers, at the plan's concrete shapes.</summary>
    public static ConvolutionGeometry Geometry(ForwardContext context, Node node)
    {
        var convolution = (Convolution)node.Operator;
        int[] input = context.Dimensions(node.Inputs[0]);
        int[] output = context.Dimensions(node.Output);
        (int top, int left) = convolution.Window.LeadingPadding(input[1], input[2]);
        return new ConvolutionGeometry
        {
            Batch = input[0],
            InputHeight = input[1],
            InputWidth = input[2],
            InputChannels = input[3],
            OutputHeight = output[1],
            OutputWidth = output[2],
            OutputChannels = output[3],
            Groups = convolution.Groups,
            KernelHeight = convolution.KernelSize.Height,
            KernelWidth = convolution.KernelSize.Width,
            StrideHeight = convolution.Strides.Height,
            StrideWidth = convolution.Strides.Width,
            DilationHeight = convolution.DilationRate.Height,
            DilationWidth = convolution.DilationRate.Width,
            PaddingTop = top,
            PaddingLeft = left,
        };
    }

    /// <summary>The steps for any node that is a convolution in numbers: data, kernel and optionally a bias.</summary>
    public static unsafe void Lower(ForwardContext context, Node node, ConvolutionGeometry geometry)
    {
        ConvolutionAlgorithm algorithm = ConvolutionAlgorithm.Select(geometry);
        DeferredNormalization? normalization = TakeNormalization(context, node, algorithm);
        PlanBuffer[] inputs = context.Unwritten(node) is null ? [context.Buffer(node.Inputs[0])] : [];
        PlanBuffer kernel = context.Buffer(node.Inputs[1]);
        PlanBuffer? bias = node.Inputs.Length > 2 ? context.Buffer(node.Inputs[2]) : null;
        PlanBuffer packed = algorithm.PackedKernelLength == 0
            ? kernel
            : context.Plan.Prepare(
                node.Name,
                "pack kernel",
                kernel,
                algorithm.PackedKernelLength,
                destination => (run, part, _) => algorithm.PackKernel(run.Floats(kernel), run.Floats(destination), part),
                algorithm.PackKernelParts);
        PlanBuffer output = context.Allocate(node.Output);
        var statistics = BatchStatistics.MeasuredBy(context, node, output, algorithm.ForwardPixels);
        PlanBuffer[] biases = bias is null ? [] : [bias];
        PlanBuffer[] partials = statistics is null ? [] : [statistics.Partials];
        context.Plan.Add(
            node.Name,
            "forward",
            algorithm.ForwardParts,
            normalization is null ? [.. inputs, packed, .. biases] : [.. normalization.Reads, packed, .. biases],
            normalization is null ? [output, .. partials] : [.. inputs, output, .. partials],
            (run, part, worker) =>
            {
                algorithm.Forward(
                    inputs is [var input] ? run.Floats(input) : null,
                    run.Floats(packed),
                    bias is null ? null : run.Floats(bias),
                    run.Floats(output),
                    part,
                    run.Scratch(worker),
                    normalization?.In(run) ?? default);
                statistics?.Measure(run, part);
            },
            algorithm.ForwardScratchLength);
    }

    /// <summary>
    /// The normalisation that the convolution makes of its input as it reads it; null where it makes none, which one that was left to it
    /// then has a step for.
    /// </summary>
    private static DeferredNormalization? TakeNormalization(ForwardContext context, Node node, ConvolutionAlgorithm algorithm)
    {
        if (context.TakeDeferred(node.Inputs[0]) is not { } normalization)
        {
            return null;
        }

        if (algorithm.ReadsUnwrittenInput)
        {
            context.LeaveUnwritten(node, normalization);
            return normalization;
        }

        if (algorithm.ForwardFinishes)
        {
            normalization.Allocate();
            return normalization;
        }

        normalization.AddStep();
        return null;
    }
}
