using Sepal.Graphs;
using Sepal.Kernels.Normalization;

namespace Sepal.Execution.Lowering;

/// <summary>
/// The last pass of a batch normalisation, with its activation: a step of its own, or made strip by strip by the convolution that
/// alone reads what it writes, so that this is read from a near cache.
/// </summary>
/// <param name="context">The plan.</param>
/// <param name="node">The normalisation.</param>
/// <param name="mean">What is subtracted from each channel.</param>
/// <param name="factors">As <see cref="BatchNormalizationLowering.Factors"/>.</param>
/// <param name="output">What it writes.</param>
internal sealed class DeferredNormalization(ForwardContext context, Node node, PlanBuffer mean, PlanBuffer factors, Value output)
{
    private readonly ActivatedNormalizationKernel _kernel = BatchNormalizationLowering.Kernel(context, node);
    private readonly PlanBuffer _input = context.Buffer(node.Inputs[0]);
    private readonly PlanBuffer _beta = context.Buffer(node.Inputs[2]);

    private PlanBuffer? _output;

    public PlanBuffer[] Reads => [_input, mean, factors, _beta];

    /// <summary>Gives what is written a place of its own.</summary>
    public PlanBuffer Allocate() => _output = context.Allocate(output);

    public void AddStep()
    {
        PlanBuffer written = Allocate();
        Partition rows = BatchNormalizationLowering.Rows(context, node);
        context.Plan.Add(
            node.Name,
            "normalize",
            rows.Parts,
            Reads,
            [written],
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
        _output is null ? null : run.Floats(_output),
        new NormalizationTerms(run.Floats(mean), run.Floats(factors) + _kernel.Channels, run.Floats(_beta)));
}
