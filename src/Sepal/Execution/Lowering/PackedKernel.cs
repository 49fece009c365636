using System.Collections.Immutable;
using System.Numerics.Tensors;
using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Kernels.Rows;

namespace Sepal.Execution.Lowering;

/// <summary>
/// Packs a kernel, with a batch normalisation folded into it: its factors go into the kernel, its offsets become the bias.
/// </summary>
internal static unsafe class PackedKernel
{
    public static PlanBuffer Prepare(
        ForwardContext context, string nodeName, string action, FusedConvolution stage, ImmutableArray<Value> inputs, ConvolutionRows rows)
    {
        PlanBuffer kernel = context.Buffer(inputs[0]);
        PlanBuffer? bias = stage.HasBias ? context.Buffer(inputs[1]) : null;
        if (stage.Epsilon is not { } epsilon)
        {
            return context.Plan.Prepare(
                nodeName,
                action,
                bias is null ? [kernel] : [kernel, bias],
                rows.PackedLength,
                destination => (run, _, _) =>
                    rows.Pack(run.Floats(kernel), bias is null ? null : run.Floats(bias), run.Floats(destination)));
        }

        PlanBuffer[] statistics = [.. inputs.Skip(stage.NormalizationIndex).Take(4).Select(context.Buffer)];
        return context.Plan.Prepare(
            nodeName,
            action,
            [kernel, .. bias is null ? [] : (PlanBuffer[])[bias], .. statistics],
            rows.PackedLength,
            destination => (run, _, _) => PackFolded(
                rows,
                run.Span(kernel),
                bias is null ? [] : run.Span(bias),
                [.. statistics.Select(buffer => run.Span(buffer).ToArray())],
                epsilon,
                run.Floats(destination)));
    }

    private static void PackFolded(
        ConvolutionRows rows, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias, float[][] statistics, float epsilon, float* packed)
    {
        var folding = FoldedNormalization.Of(statistics, epsilon, bias);
        float[] factors = Array.ConvertAll(folding.Factors, factor => (float)factor);
        int channels = factors.Length;

        // Freed at once: the folded kernel is needed only until it is packed. The output channels are its last axis.
        using var folded = new AlignedMemory((long)kernel.Length * sizeof(float));
        Span<float> weights = folded.Floats(0, kernel.Length);
        for (int start = 0; start < kernel.Length; start += channels)
        {
            TensorPrimitives.Multiply(kernel.Slice(start, channels), factors, weights.Slice(start, channels));
        }

        fixed (float* offsets = folding.Offsets)
        {
            rows.Pack((float*)folded.Pointer, offsets, packed);
        }
    }
}
