using System.Numerics.Tensors;

namespace Sepal.Kernels;

/// <summary>
/// Where the shards of a kernel and bias gradient are summed: the first one in the gradients themselves, the others in
/// the partials, one after the other, kernel before bias.
/// </summary>
internal readonly unsafe struct ShardedGradients(
    in ConvolutionGeometry geometry, float* kernelGradient, float* biasGradient, float* partials)
{
    /// <summary>Floats added by one part of the reduction.</summary>
    private const int ReducedPart = 1 << 14;

    private readonly long _kernelLength = geometry.KernelLength;
    private readonly long _shardLength = ShardLength(geometry);
    private readonly int _biasLength = geometry.OutputChannels;

    public static long PartialsLength(in ConvolutionGeometry geometry, int shards) => (shards - 1) * ShardLength(geometry);

    public static int ReduceParts(in ConvolutionGeometry geometry, int shards) =>
        shards == 1 ? 0 : (geometry.KernelLength + ReducedPart - 1) / ReducedPart;

    public float* Kernel(int shard) => shard == 0 ? kernelGradient : partials + ((shard - 1) * _shardLength);

    /// <summary>Null where no gradient by bias is wanted.</summary>
    public float* Bias(int shard) =>
        shard == 0 || biasGradient == null ? biasGradient : Kernel(shard) + _kernelLength;

    /// <summary>Adds the partials of one part of the kernel, and with the first part those of the bias, in order.</summary>
    public void Reduce(int shards, int part)
    {
        long first = (long)part * ReducedPart;
        int length = (int)Math.Min(ReducedPart, _kernelLength - first);
        Span<float> kernel = new(kernelGradient + first, length);
        for (int shard = 1; shard < shards; shard++)
        {
            TensorPrimitives.Add(kernel, new ReadOnlySpan<float>(Kernel(shard) + first, length), kernel);
        }

        if (part != 0 || biasGradient == null)
        {
            return;
        }

        Span<float> bias = new(biasGradient, _biasLength);
        for (int shard = 1; shard < shards; shard++)
        {
            TensorPrimitives.Add(bias, new ReadOnlySpan<float>(Bias(shard), _biasLength), bias);
        }
    }

    // Whole cache lines, so that every shard is aligned.
    private static long ShardLength(in ConvolutionGeometry geometry) =>
        ((long)geometry.KernelLength + geometry.OutputChannels + 15) / 16 * 16;
}
