using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Normalization;

namespace Sepal.Training.Gradients;

/// <summary>Where the terms lie by which a batch normalisation normalised.</summary>
internal sealed class NormalizationBuffers
{
    private readonly int _channels;

    public NormalizationBuffers(GradientContext context, Node normalization)
    {
        _channels = context.Forward.Dimensions(normalization.Output)[^1];
        Factors = context.Forward.Saved(normalization, BatchNormalizationLowering.Factors);
        Mean = BatchNormalizationLowering.UsesBatchStatistics(context.Forward, normalization)
            ? context.Forward.Saved(normalization, BatchNormalizationLowering.Mean)
            : context.Forward.Buffer(normalization.Inputs[3]);
        Offset = context.Forward.Buffer(normalization.Inputs[2]);
    }

    public PlanBuffer Mean { get; }

    /// <summary>For every channel 1/√(variance + ε), then for every channel γ times that.</summary>
    public PlanBuffer Factors { get; }

    public PlanBuffer Offset { get; }

    public PlanBuffer[] All => [Mean, Factors, Offset];

    public unsafe NormalizationTerms Terms(RunContext run) =>
        new(run.Floats(Mean), run.Floats(Factors) + _channels, run.Floats(Offset));
}
