using Sepal.Graphs;
using Sepal.Kernels.Elementwise;
using Sepal.Kernels.Normalization;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Normalises every image as a batch of its own, with the kernels of batch normalisation.</summary>
internal static class InstanceNormalizationLowering
{
    public static unsafe void Lower(ForwardContext context, Node node)
    {
        float epsilon = ((InstanceNormalization)node.Operator).Epsilon;
        int[] dimensions = context.Dimensions(node.Output);
        int channels = dimensions[^1];
        int images = dimensions[0];
        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer scale = context.Buffer(node.Inputs[1]);
        PlanBuffer offset = context.Buffer(node.Inputs[2]);
        PlanBuffer output = context.Allocate(node.Output);
        if (output.FloatCount == 0)
        {
            return;
        }

        long imageLength = output.FloatCount / images;
        Partition shards = Partition.OfRows(imageLength / channels, channels);
        var imageShards = new RowShards(shards);
        BatchStatisticsKernel statistics = BatchStatisticsKernel.Create(channels);
        NormalizationKernel kernel = NormalizationKernel.Create(channels);
        var normalization = ActivatedNormalizationKernel.Of<Identity>(channels);
        long partialLength = (long)shards.Parts * statistics.PartialLength;
        PlanBuffer partials = context.Plan.Allocate($"{node.Name}/partial statistics", images * partialLength);
        context.Plan.Add(
            node.Name,
            "partial statistics",
            images * shards.Parts,
            [input],
            [partials],
            (run, part, _) =>
            {
                (int image, int shard) = Math.DivRem(part, shards.Parts);
                (long from, long to) = shards.Range(shard);
                statistics.Measure(
                    run.Floats(input) + (image * imageLength) + (from * channels),
                    to - from,
                    run.Floats(partials) + ((long)part * statistics.PartialLength));
            });

        // For every image its means, its variances, 1/√(variance + ε), and the scale times that.
        PlanBuffer factors = context.Plan.Allocate($"{node.Name}/statistics", images * 4L * channels);
        context.Plan.Add(
            node.Name,
            "statistics",
            images,
            [partials, scale],
            [factors],
            (run, image, _) =>
            {
                float* means = run.Floats(factors) + (image * 4L * channels);
                float* variances = means + channels;
                float* inverses = variances + channels;
                statistics.Combine(
                    run.Floats(partials) + (image * partialLength), imageShards.Starts, means, variances, 0, channels);
                kernel.Factors(variances, epsilon, run.Floats(scale), inverses, inverses + channels, 0, channels);
            });
        context.Plan.Add(
            node.Name,
            "normalize",
            images * shards.Parts,
            [input, factors, offset],
            [output],
            (run, part, _) =>
            {
                (int image, int shard) = Math.DivRem(part, shards.Parts);
                (long from, long to) = shards.Range(shard);
                long start = (image * imageLength) + (from * channels);
                float* means = run.Floats(factors) + (image * 4L * channels);
                normalization.Forward(
                    run.Floats(input) + start,
                    run.Floats(output) + start,
                    to - from,
                    new NormalizationTerms(means, means + (3 * channels), run.Floats(offset)));
            });
    }
}
