using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Kernels.Rows;

namespace Sepal.Execution.Lowering;

/// <summary>
/// Packs a kernel, with a batch normalisation folded into it: <c>γ·(x·w + b − mean)/√(variance + ε) + β</c> is
/// <c>x·(w·f) + ((b − mean)·f + β)</c> with <c>f = γ/√(variance + ε)</c>.
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
        (float[] gamma, float[] beta, float[] mean, float[] variance) = (statistics[0], statistics[1], statistics[2], statistics[3]);
        int channels = gamma.Length;
        var factors = new float[channels];
        var offsets = new float[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            double factor = gamma[channel] / Math.Sqrt((double)variance[channel] + epsilon);
            factors[channel] = (float)factor;
            offsets[channel] = (float)(((bias.IsEmpty ? 0 : bias[channel]) - (double)mean[channel]) * factor + beta[channel]);
        }

        // Freed at once: the folded kernel is needed only until it is packed. The output channels are its last axis.
        using var folded = new AlignedMemory((long)kernel.Length * sizeof(float));
        Span<float> weights = folded.Floats(0, kernel.Length);
        for (int start = 0; start < kernel.Length; start += channels)
        {
            System.Numerics.Tensors.TensorPrimitives.Multiply(kernel.Slice(start, channels), factors, weights.Slice(start, channels));
        }

        fixed (float* offset = offsets)
        {
            rows.Pack((float*)folded.Pointer, offset, packed);
        }
    }
}
