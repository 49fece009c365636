using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Normalization;

namespace Sepal.Training.Gradients;

/// <summary>
/// The gradients of batch normalisation. One pass over the data sums Σdy and Σdy·(x − mean), in shards; a second writes the
/// gradient by the data.
/// </summary>
internal static class BatchNormalizationGradient
{
    public static void Add(GradientContext context, Node node)
    {
        bool usesBatch = BatchNormalizationLowering.UsesBatchStatistics(context.Forward, node);
        int channels = context.Forward.Dimensions(node.Output)[^1];
        NormalizationGradientKernel kernel = NormalizationGradientKernel.Create(channels);
        PlanBuffer factors = context.Forward.Saved(node, BatchNormalizationLowering.Factors);
        PlanBuffer mean = usesBatch
            ? context.Forward.Saved(node, BatchNormalizationLowering.Mean)
            : context.Forward.Buffer(node.Inputs[3]);
        PlanBuffer? sums = null;
        if (context.Needs(node.Inputs[1]) || context.Needs(node.Inputs[2]) || (usesBatch && context.Needs(node.Inputs[0])))
        {
            sums = AddSums(context, node, kernel, mean);
            AddParameters(context, node, kernel, sums, factors);
        }

        if (!context.Needs(node.Inputs[0]))
        {
            return;
        }

        if (usesBatch)
        {
            AddInput(context, node, kernel, mean, factors, sums!, channels);
        }
        else
        {
            AddScaled(context, node, kernel, factors, channels);
        }
    }

    private static unsafe PlanBuffer AddSums(
        GradientContext context, Node node, NormalizationGradientKernel kernel, PlanBuffer mean)
    {
        Partition shards = BatchNormalizationLowering.Shards(context.Forward, node);
        PlanBuffer input = context.Forward.Buffer(node.Inputs[0]);
        PlanBuffer outputGradient = context.OutputGradient(node);
        int channels = kernel.Channels;
        long length = 2L * channels;
        PlanBuffer partials = context.Plan.Allocate($"{node.Name}/partial sums", shards.Parts * length);
        context.Plan.Add(
            node.Name,
            "partial sums for gradients",
            shards.Parts,
            [input, outputGradient, mean],
            [partials],
            (run, part, _) =>
            {
                (long from, long to) = shards.Range(part);
                long start = from * channels;
                kernel.Sum(
                    run.Floats(input) + start,
                    run.Floats(outputGradient) + start,
                    to - from,
                    run.Floats(mean),
                    run.Floats(partials) + (part * length));
            });
        if (shards.Parts == 1)
        {
            return partials;
        }

        PlanBuffer sums = context.Plan.Allocate($"{node.Name}/sums", length);
        ShardReduction.Add(context.Plan, node.Name, partials, shards.Parts, sums);
        return sums;
    }

    private static unsafe void AddParameters(
        GradientContext context, Node node, NormalizationGradientKernel kernel, PlanBuffer sums, PlanBuffer factors)
    {
        PlanBuffer? gamma = context.Needs(node.Inputs[1]) ? context.InputGradient(node, 1) : null;
        PlanBuffer? beta = context.Needs(node.Inputs[2]) ? context.InputGradient(node, 2) : null;
        if (gamma is null && beta is null)
        {
            return;
        }

        PlanBuffer?[] gradients = [gamma, beta];
        context.Plan.Add(
            node.Name,
            "gradients by scale and offset",
            1,
            [sums, factors],
            [.. gradients.OfType<PlanBuffer>()],
            (run, _, _) => kernel.Parameters(
                run.Floats(sums),
                run.Floats(factors),
                gamma is null ? null : run.Floats(gamma),
                beta is null ? null : run.Floats(beta)));
    }

    private static unsafe void AddInput(
        GradientContext context,
        Node node,
        NormalizationGradientKernel kernel,
        PlanBuffer mean,
        PlanBuffer factors,
        PlanBuffer sums,
        int channels)
    {
        Partition rows = BatchNormalizationLowering.Shards(context.Forward, node);
        PlanBuffer coefficients = context.Plan.Allocate($"{node.Name}/coefficients", 2L * channels);
        context.Plan.Add(
            node.Name,
            "coefficients for gradient",
            1,
            [sums, factors],
            [coefficients],
            (run, _, _) => kernel.Coefficients(
                run.Floats(sums), run.Floats(factors), run.Floats(factors) + channels, rows.Items, run.Floats(coefficients)));

        PlanBuffer input = context.Forward.Buffer(node.Inputs[0]);
        PlanBuffer outputGradient = context.OutputGradient(node);
        PlanBuffer inputGradient = context.InputGradient(node, 0);
        context.Plan.Add(
            node.Name,
            "gradient by input",
            rows.Parts,
            [input, outputGradient, mean, factors, coefficients],
            [inputGradient],
            (run, part, _) =>
            {
                (long from, long to) = rows.Range(part);
                long start = from * channels;
                kernel.Input(
                    run.Floats(input) + start,
                    run.Floats(outputGradient) + start,
                    run.Floats(inputGradient) + start,
                    to - from,
                    run.Floats(mean),
                    run.Floats(factors) + channels,
                    run.Floats(coefficients));
            });
    }

    private static unsafe void AddScaled(
        GradientContext context, Node node, NormalizationGradientKernel kernel, PlanBuffer factors, int channels)
    {
        Partition rows = BatchNormalizationLowering.Shards(context.Forward, node);
        PlanBuffer outputGradient = context.OutputGradient(node);
        PlanBuffer inputGradient = context.InputGradient(node, 0);
        context.Plan.Add(
            node.Name,
            "gradient by input",
            rows.Parts,
            [outputGradient, factors],
            [inputGradient],
            (run, part, _) =>
            {
                (long from, long to) = rows.Range(part);
                long start = from * channels;
                kernel.Scale(
                    run.Floats(outputGradient) + start, run.Floats(inputGradient) + start, to - from, run.Floats(factors) + channels);
            });
    }
}
