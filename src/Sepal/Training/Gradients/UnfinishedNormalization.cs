using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Normalization;

namespace Sepal.Training.Gradients;

/// <summary>
/// The last pass of a batch normalisation's gradient, which makes the gradient by its input of that by its output: a step of its own, or
/// made by the convolution before it of each strip that it reads.
/// </summary>
/// <param name="context">The plan.</param>
/// <param name="node">The normalisation.</param>
/// <param name="coefficients">As for <see cref="ActivatedNormalizationKernel.Input"/>.</param>
/// <param name="outputGradient">The gradient by the output.</param>
/// <param name="inputGradient">The gradient by the input; may be the same memory.</param>
internal sealed class UnfinishedNormalization(
    GradientContext context, Node node, PlanBuffer coefficients, PlanBuffer outputGradient, PlanBuffer inputGradient)
{
    private readonly ActivatedNormalizationKernel _kernel = BatchNormalizationLowering.Kernel(context.Forward, node);
    private readonly NormalizationBuffers _buffers = new(context, node);
    private readonly PlanBuffer _input = context.Forward.Buffer(node.Inputs[0]);

    /// <summary>What finishing reads beside the gradient.</summary>
    public PlanBuffer[] Reads => [_input, coefficients, .. _buffers.All];

    public void AddStep()
    {
        Partition rows = BatchNormalizationLowering.Rows(context.Forward, node);
        context.Plan.Add(
            node.Name,
            "gradient by input",
            rows.Parts,
            [outputGradient, .. Reads],
            [inputGradient],
            (run, part, _) =>
            {
                (long from, long to) = rows.Range(part);
                In(run).Finish(from, to);
            });
    }

    /// <summary>The gradient in a run.</summary>
    public unsafe UnfinishedGradient In(RunContext run) => new(
        _kernel,
        run.Floats(_input),
        run.Floats(outputGradient),
        run.Floats(inputGradient),
        _buffers.Terms(run),
        run.Floats(coefficients));
}
