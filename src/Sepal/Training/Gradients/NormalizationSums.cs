using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Normalization;

namespace Sepal.Training.Gradients;

/// <summary>The sums over rows that the gradients of a batch normalisation need, in shards.</summary>
internal sealed class NormalizationSums
{
    private readonly PlanBuffer _input;
    private readonly PlanBuffer _outputGradient;
    private readonly NormalizationBuffers _buffers;

    private NormalizationSums(GradientContext context, Node normalization, PlanBuffer outputGradient, RowShards shards)
    {
        _input = context.Forward.Buffer(normalization.Inputs[0]);
        _outputGradient = outputGradient;
        _buffers = new NormalizationBuffers(context, normalization);
        Kernel = BatchNormalizationLowering.Kernel(context.Forward, normalization);
        Shards = shards;
        Partials = context.Plan.Allocate($"{normalization.Name}/partial sums", shards.Count * Length);
    }

    public ActivatedNormalizationKernel Kernel { get; }

    public RowShards Shards { get; }

    /// <summary>The shards, one after the other.</summary>
    public PlanBuffer Partials { get; }

    /// <summary>Floats of a shard.</summary>
    public long Length => 2L * Kernel.Channels;

    /// <summary>What measuring reads beside the gradient.</summary>
    public PlanBuffer[] Reads => [_input, .. _buffers.All];

    /// <summary>
    /// The sums that a step can make of the gradient that it writes, part by part, while that is in a near cache. Null where no
    /// batch normalisation wrote what the gradient is by, or parts are not whole pixels.
    /// </summary>
    /// <param name="context">The plan.</param>
    /// <param name="value">What the gradient is by.</param>
    /// <param name="gradient">Where it is written.</param>
    /// <param name="pixels">The first pixel of every part, and after the last the number of all; null where parts are not such.</param>
    public static NormalizationSums? MeasuredBy(GradientContext context, Value value, PlanBuffer gradient, long[]? pixels)
    {
        if (pixels is null || context.Forward.Fusion?.NormalizationWriting(value) is not { } normalization)
        {
            return null;
        }

        var sums = new NormalizationSums(context, normalization, gradient, new RowShards([.. pixels]));
        context.Keep(normalization, sums);
        return sums;
    }

    /// <summary>The sums of a batch normalisation, by a step of their own where none before it has made them.</summary>
    public static NormalizationSums Of(GradientContext context, Node normalization, PlanBuffer outputGradient)
    {
        if (context.SumsOf(normalization) is { } measured)
        {
            return measured;
        }

        var sums = new NormalizationSums(
            context, normalization, outputGradient, new RowShards(BatchNormalizationLowering.Rows(context.Forward, normalization)));
        context.Plan.Add(
            normalization.Name,
            "partial sums for gradients",
            sums.Shards.Count,
            [outputGradient, .. sums.Reads],
            [sums.Partials],
            (run, part, _) => sums.Measure(run, part));
        return sums;
    }

    /// <summary>Makes the sums of one shard.</summary>
    public unsafe void Measure(RunContext run, int shard)
    {
        (long from, long to) = Shards.Range(shard);
        long start = from * Kernel.Channels;
        Kernel.Sum(
            run.Floats(_input) + start,
            run.Floats(_outputGradient) + start,
            to - from,
            _buffers.Terms(run),
            run.Floats(Partials) + (shard * Length));
    }
}
