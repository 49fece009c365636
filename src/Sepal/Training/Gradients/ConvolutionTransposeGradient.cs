using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels;

namespace Sepal.Training.Gradients;

/// <summary>
/// The gradients of a transposed convolution: by its input the convolution whose transpose it is, and by its kernel that
/// convolution's, with image and gradient in each other's place.
/// </summary>
internal static class ConvolutionTransposeGradient
{
    public static void Add(GradientContext context, Node node)
    {
        ConvolutionAlgorithm algorithm = ConvolutionAlgorithm.Select(ConvolutionTransposeLowering.Geometry(context.Forward, node));
        PlanBuffer outputGradient = context.OutputGradient(node);
        if (context.Needs(node.Inputs[1]))
        {
            AddKernel(context, node, algorithm, outputGradient);
        }

        if (context.Needs(node.Inputs[0]))
        {
            AddInput(context, node, algorithm, outputGradient);
        }
    }

    private static unsafe void AddKernel(GradientContext context, Node node, ConvolutionAlgorithm algorithm, PlanBuffer outputGradient)
    {
        PlanBuffer input = context.Forward.Buffer(node.Inputs[0]);
        PlanBuffer partials = context.Plan.Allocate($"{node.Name}/partial gradients", algorithm.WeightGradientPartialsLength);
        PlanBuffer kernelGradient = context.InputGradient(node, 1);
        context.Plan.Add(
            node.Name,
            "gradient by kernel",
            algorithm.WeightGradientParts,
            [outputGradient, input],
            [partials, kernelGradient],
            (run, part, worker) => algorithm.WeightGradient(
                run.Floats(outputGradient),
                run.Floats(input),
                run.Floats(kernelGradient),
                null,
                run.Floats(partials),
                part,
                run.Scratch(worker)),
            algorithm.WeightGradientScratchLength);
        if (algorithm.WeightGradientReduceParts > 0)
        {
            context.Plan.Add(
                node.Name,
                "reduce gradient by kernel",
                algorithm.WeightGradientReduceParts,
                [partials, kernelGradient],
                [kernelGradient],
                (run, part, _) => algorithm.ReduceWeightGradient(run.Floats(partials), run.Floats(kernelGradient), null, part));
        }
    }

    private static unsafe void AddInput(GradientContext context, Node node, ConvolutionAlgorithm algorithm, PlanBuffer outputGradient)
    {
        PlanBuffer kernel = context.Forward.Buffer(node.Inputs[1]);
        PlanBuffer packed = algorithm.PackedKernelLength == 0
            ? kernel
            : context.Plan.Prepare(
                node.Name,
                "pack kernel for gradient",
                kernel,
                algorithm.PackedKernelLength,
                destination => (run, part, _) => algorithm.PackKernel(run.Floats(kernel), run.Floats(destination), part),
                algorithm.PackKernelParts);
        PlanBuffer inputGradient = context.InputGradient(node, 0);
        context.Plan.Add(
            node.Name,
            "gradient by input",
            algorithm.ForwardParts,
            [outputGradient, packed],
            [inputGradient],
            (run, part, worker) => algorithm.Forward(
                run.Floats(outputGradient), run.Floats(packed), null, run.Floats(inputGradient), part, run.Scratch(worker)),
            algorithm.ForwardScratchLength);
    }
}
