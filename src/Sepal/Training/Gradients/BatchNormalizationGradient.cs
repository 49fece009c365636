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
    public static void Add(GradientContext context, Node node) => Add(context, node, last: node);

    /// <summary>Adds the steps.</summary>
    /// <param name="context">The plan.</param>
    /// <param name="node">The normalisation.</param>
    /// <param name="last">Whose output's gradient is given: the activation that is computed with it, or the normalisation itself.</param>
    public static void Add(GradientContext context, Node node, Node last)
    {
        bool usesBatch = BatchNormalizationLowering.UsesBatchStatistics(context.Forward, node);
        int channels = context.Forward.Dimensions(node.Output)[^1];
        NormalizationGradientKernel kernel = NormalizationGradientKernel.Create(channels);
        var buffers = new NormalizationBuffers(context, node);
        PlanBuffer outputGradient = context.OutputGradient(last);
        PlanBuffer? sums = null;
        if (context.Needs(node.Inputs[1]) || context.Needs(node.Inputs[2]) || (usesBatch && context.Needs(node.Inputs[0])))
        {
            sums = AddSums(context, node, outputGradient);
            AddParameters(context, node, kernel, sums, buffers.Factors);
        }

        if (!context.Needs(node.Inputs[0]))
        {
            return;
        }

        if (usesBatch)
        {
            AddInput(context, node, kernel, buffers, sums!, outputGradient);
        }
        else
        {
            AddScaled(context, node, kernel, buffers.Factors, outputGradient);
        }
    }

    private static PlanBuffer AddSums(GradientContext context, Node node, PlanBuffer outputGradient)
    {
        var shards = NormalizationSums.Of(context, node, outputGradient);
        if (shards.Shards.Count == 1)
        {
            return shards.Partials;
        }

        PlanBuffer sums = context.Plan.Allocate($"{node.Name}/sums", shards.Length);
        ShardReduction.Add(context.Plan, node.Name, shards.Partials, shards.Shards.Count, sums);
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
        NormalizationBuffers buffers,
        PlanBuffer sums,
        PlanBuffer outputGradient)
    {
        int channels = kernel.Channels;
        PlanBuffer factors = buffers.Factors;
        Partition rows = BatchNormalizationLowering.Rows(context.Forward, node);
        PlanBuffer coefficients = context.Plan.Allocate($"{node.Name}/coefficients", 2L * channels);
        context.Plan.Add(
            node.Name,
            "coefficients for gradient",
            1,
            [sums, factors],
            [coefficients],
            (run, _, _) => kernel.Coefficients(
                run.Floats(sums), run.Floats(factors), run.Floats(factors) + channels, rows.Items, run.Floats(coefficients)));

        // Over the gradient by the output where the step that summed that up wrote it for this node alone: lines that were just read need
        // not be fetched again to be written, and what reads them next can do so strip by strip.
        bool isInPlace = context.SumsOf(node) is not null;
        if (isInPlace)
        {
            context.Contribute(node.Inputs[0], outputGradient);
        }

        PlanBuffer inputGradient = isInPlace ? outputGradient : context.InputGradient(node, 0);
        var unfinished = new UnfinishedNormalization(context, node, coefficients, outputGradient, inputGradient);
        if (isInPlace)
        {
            context.Leave(node.Inputs[0], unfinished);
        }
        else
        {
            unfinished.AddStep();
        }
    }

    private static unsafe void AddScaled(
        GradientContext context, Node node, NormalizationGradientKernel kernel, PlanBuffer factors, PlanBuffer outputGradient)
    {
        int channels = kernel.Channels;
        Partition rows = BatchNormalizationLowering.Rows(context.Forward, node);
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
