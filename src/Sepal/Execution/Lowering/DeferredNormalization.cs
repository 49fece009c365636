using Sepal.Graphs;
using Sepal.Kernels.Normalization;

namespace Sepal.Execution.Lowering;

/// <summary>
/// The last pass of a batch normalisation, with its activation: a step of its own, or made part by part by the convolution that
/// alone reads what it writes, so that this is read from a near cache.
/// </summary>
/// <param name="context">The plan.</param>
/// <param name="node">The normalisation.</param>
/// <param name="mean">What is subtracted from each channel.</param>
/// <param name="factors">As <see cref="BatchNormalizationLowering.Factors"/>.</param>
/// <param name="output">Where it is written.</param>
internal sealed class DeferredNormalization(ForwardContext context, Node node, PlanBuffer mean, PlanBuffer factors, PlanBuffer output)
{
    private readonly ActivatedNormalizationKernel _kernel = BatchNormalizationLowering.Kernel(context, node);
    private readonly PlanBuffer _input = context.Buffer(node.Inputs[0]);
    private readonly PlanBuffer _beta = context.Buffer(node.Inputs[2]);

    public PlanBuffer[] Reads => [_input, mean, factors, _beta];

    public PlanBuffer Output => output;

    public void AddStep()
    {
        Partition rows = BatchNormalizationLowering.Rows(context, node);
        context.Plan.Add(
            node.Name,
            "normalize",
            rows.Parts,
            Reads,
            [output],
            (run, part, _) =>
            {
                (long from, long to) = rows.Range(part);
                In(run).Finish(from, to);
            });
    }

    /// <summary>The values in a run.</summary>
    public unsafe UnfinishedInput In(RunContext run) => new(
        _kernel,
        run.Floats(_input),
        run.Floats(output),
        new NormalizationTerms(run.Floats(mean), run.Floats(factors) + _kernel.Channels, run.Floats(_beta)));
}
