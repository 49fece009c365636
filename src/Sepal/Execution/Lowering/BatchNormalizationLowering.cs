using Sepal.Graphs;
using Sepal.Kernels.Elementwise;
using Sepal.Kernels.Normalization;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>
/// Normalises every channel: by the moving statistics at inference and where frozen, in training by the batch's own, which
/// then move the moving ones.
/// </summary>
internal static class BatchNormalizationLowering
{
    /// <summary>What is kept for the gradient: the means by which a batch was normalised.</summary>
    public const string Mean = "mean";

    /// <summary>What is kept for the gradient: for every channel 1/√(variance + ε), then for every channel γ times that.</summary>
    public const string Factors = "factors";

    public static void Lower(ForwardContext context, Node node)
    {
        if (UsesBatchStatistics(context, node))
        {
            LowerWithBatchStatistics(context, node);
        }
        else
        {
            LowerWithMovingStatistics(context, node);
        }
    }

    /// <summary>Whether the node normalises by the batch's statistics in this plan.</summary>
    public static bool UsesBatchStatistics(ForwardContext context, Node node) =>
        context.Training && !((BatchNormalization)node.Operator).Frozen;

    /// <summary>Whether an activation can be computed with the normalisation before it: functions that take few operations to do again.</summary>
    public static bool CanActivate(Node node) =>
        node is { Operator: Unary { Function: UnaryFunction.Relu or UnaryFunction.Relu6 or UnaryFunction.HardSwish or UnaryFunction.Swish } }
        && node.Output.Spec.ElementType == ElementType.Float32;

    /// <summary>The kernel of a normalisation together with the activation that is computed with it.</summary>
    public static ActivatedNormalizationKernel Kernel(ForwardContext context, Node node)
    {
        int channels = context.Dimensions(node.Output)[^1];
        return (context.Fusion?.ActivationAfter(node)?.Operator as Unary)?.Function switch
        {
            null => ActivatedNormalizationKernel.Of<Identity>(channels),
            UnaryFunction.Relu => ActivatedNormalizationKernel.Of<Relu>(channels),
            UnaryFunction.Relu6 => ActivatedNormalizationKernel.Of<Relu6>(channels),
            UnaryFunction.HardSwish => ActivatedNormalizationKernel.Of<HardSwish>(channels),
            _ => ActivatedNormalizationKernel.Of<Swish>(channels),
        };
    }

    /// <summary>The parts into which rows fall.</summary>
    public static Partition Rows(ForwardContext context, Node node)
    {
        int channels = context.Dimensions(node.Output)[^1];
        return Partition.OfRows(context.Length(node.Output) / channels, channels);
    }

    private static unsafe void LowerWithMovingStatistics(ForwardContext context, Node node)
    {
        float epsilon = ((BatchNormalization)node.Operator).Epsilon;
        int channels = context.Dimensions(node.Output)[^1];
        NormalizationKernel kernel = NormalizationKernel.Create(channels);
        PlanBuffer gamma = context.Buffer(node.Inputs[1]);
        PlanBuffer mean = context.Buffer(node.Inputs[3]);
        PlanBuffer variance = context.Buffer(node.Inputs[4]);

        StepBody Compute(PlanBuffer destination) => (run, _, _) =>
        {
            float* inverse = run.Floats(destination);
            kernel.Factors(run.Floats(variance), epsilon, run.Floats(gamma), inverse, inverse + channels, 0, channels);
        };

        PlanBuffer factors;
        if (context.Training)
        {
            factors = context.Save(node, Factors, 2 * channels);
            context.Plan.Add(node.Name, "factors", 1, [variance, gamma], [factors], Compute(factors));
        }
        else
        {
            factors = context.Plan.Prepare(node.Name, "factors", [variance, gamma], 2 * channels, Compute);
        }

        AddNormalize(context, node, mean, factors);
    }

    private static unsafe void LowerWithBatchStatistics(ForwardContext context, Node node)
    {
        var normalization = (BatchNormalization)node.Operator;
        int channels = context.Dimensions(node.Output)[^1];
        NormalizationKernel kernel = NormalizationKernel.Create(channels);
        var statistics = BatchStatistics.Of(context, node);
        PlanBuffer partials = statistics.Partials;
        PlanBuffer gamma = context.Buffer(node.Inputs[1]);
        PlanBuffer movingMean = context.Buffer(node.Inputs[3]);
        PlanBuffer movingVariance = context.Buffer(node.Inputs[4]);
        PlanBuffer mean = context.Save(node, Mean, channels);
        PlanBuffer variance = context.Plan.Allocate($"{node.Name}/variance", channels);
        PlanBuffer factors = context.Save(node, Factors, 2 * channels);
        Partition parts = Partition.OfChannels(channels, statistics.Shards.Count * 2);
        context.Plan.Add(
            node.Name,
            "statistics",
            parts.Parts,
            [partials, gamma, movingMean, movingVariance],
            [mean, variance, factors, movingMean, movingVariance],
            (run, part, _) =>
            {
                (long first, long last) = parts.Range(part);
                (int from, int to) = ((int)first, (int)last);
                float* means = run.Floats(mean);
                float* variances = run.Floats(variance);
                float* inverse = run.Floats(factors);
                statistics.Kernel.Combine(run.Floats(partials), statistics.Shards.Starts, means, variances, from, to);
                kernel.Factors(
                    variances, normalization.Epsilon, run.Floats(gamma), inverse, inverse + channels, from, to);
                kernel.UpdateMoving(run.Floats(movingMean), means, normalization.Momentum, from, to);
                kernel.UpdateMoving(run.Floats(movingVariance), variances, normalization.Momentum, from, to);
            });
        AddNormalize(context, node, mean, factors);
    }

    private static void AddNormalize(ForwardContext context, Node node, PlanBuffer mean, PlanBuffer factors)
    {
        Value written = (context.Fusion?.ActivationAfter(node) ?? node).Output;
        var normalization = new DeferredNormalization(context, node, mean, factors, written);
        if (context.Fusion?.ConvolutionReading(written) is null)
        {
            normalization.AddStep();
        }
        else
        {
            context.Defer(written, normalization);
        }
    }
}
