using Sepal.Graphs;
using Sepal.Kernels;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Runs a transposed convolution as the gradient by input of the convolution whose transpose it is.</summary>
internal static class ConvolutionTransposeLowering
{
    public static unsafe void Lower(ForwardContext context, Node node)
    {
        ConvolutionAlgorithm algorithm = ConvolutionAlgorithm.Select(Geometry(context, node));
        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer kernel = context.Buffer(node.Inputs[1]);
        PlanBuffer packed = algorithm.PackedTransposeLength == 0
            ? kernel
            : context.Plan.Prepare(
                node.Name,
                "pack kernel",
                kernel,
                algorithm.PackedTransposeLength,
                destination => (run, part, _) => algorithm.PackKernelTransposed(run.Floats(kernel), run.Floats(destination), part),
                algorithm.PackTransposeParts);
        PlanBuffer output = context.Allocate(node.Output);
        context.Plan.Add(
            node.Name,
            "forward",
            algorithm.InputGradientParts,
            [input, packed],
            [output],
            (run, part, worker) => algorithm.InputGradient(
                run.Floats(input), run.Floats(packed), run.Floats(output), part, run.Scratch(worker)),
            algorithm.InputGradientScratchLength);
    }

    /// <summary>The numbers of the convolution that leads from the output back to the input.</summary>
    public static ConvolutionGeometry Geometry(ForwardContext context, Node node)
    {
        var transpose = (ConvolutionTranspose)node.Operator;
        int[] input = context.Dimensions(node.Inputs[0]);
        int[] output = context.Dimensions(node.Output);
        return new ConvolutionGeometry
        {
            Batch = input[0],
            InputHeight = output[1],
            InputWidth = output[2],
            InputChannels = output[3],
            OutputHeight = input[1],
            OutputWidth = input[2],
            OutputChannels = input[3],
            Groups = transpose.Groups,
            KernelHeight = transpose.KernelSize.Height,
            KernelWidth = transpose.KernelSize.Width,
            StrideHeight = transpose.Strides.Height,
            StrideWidth = transpose.Strides.Width,
            DilationHeight = transpose.DilationRate.Height,
            DilationWidth = transpose.DilationRate.Width,
            PaddingTop = transpose.Padding.Top,
            PaddingLeft = transpose.Padding.Left,
        };
    }
}
