using Sepal.Kernels.Convolution;
using Sepal.Kernels.Depthwise;
using Sepal.Kernels.Normalization;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels;

/// <summary>
/// A convolution and its gradients for one concrete geometry. An instance is immutable and may be used by any number
/// of threads at once. Work is divided into parts by the geometry alone; the parts of one call may run in
/// any order, on any threads, each with a scratch of its own, and give the same bits however they run. Every image
/// of a batch gets the bits that it would get alone.
/// </summary>
/// <remarks>
/// Memory is the caller's: native, aligned to 64 bytes, of the lengths (in floats) that the properties tell. Nothing
/// is allocated by the methods that compute.
/// </remarks>
internal abstract unsafe class ConvolutionAlgorithm(in ConvolutionGeometry geometry)
{
    public ConvolutionGeometry Geometry { get; } = geometry;

    /// <summary>Length of the packed kernel; 0 where <see cref="Forward"/> takes the kernel as it is.</summary>
    public abstract long PackedKernelLength { get; }

    /// <summary>Parts of <see cref="PackKernel"/>.</summary>
    public virtual int PackKernelParts => 1;

    /// <summary>Parts of <see cref="PackKernelTransposed"/>.</summary>
    public virtual int PackTransposeParts => 1;

    /// <summary>Parts of <see cref="Forward"/>.</summary>
    public abstract int ForwardParts { get; }

    /// <summary>Scratch of each part of <see cref="Forward"/>.</summary>
    public abstract long ForwardScratchLength { get; }

    /// <summary>
    /// The first output pixel of every part of <see cref="Forward"/>, and after the last the number of all; null where a part is not
    /// all channels of pixels that follow one another.
    /// </summary>
    public virtual long[]? ForwardPixels => null;

    /// <summary>Likewise the input pixels of the parts of <see cref="InputGradient"/>.</summary>
    public virtual long[]? InputGradientPixels => null;

    /// <summary>Whether each part of <see cref="Forward"/> alone reads its pixels of the input, so that it can finish them first.</summary>
    public virtual bool ForwardFinishes => false;

    /// <summary>Likewise parts of <see cref="InputGradient"/>, of the gradient by the output.</summary>
    public virtual bool InputGradientFinishes => false;

    /// <summary>Likewise parts of <see cref="WeightGradient"/>, of the gradient by the output.</summary>
    public virtual bool WeightGradientFinishes => false;

    /// <summary>
    /// Whether an unfinished input needs no place of its own: <see cref="Forward"/> and <see cref="WeightGradient"/> then both work it
    /// out as they read it.
    /// </summary>
    public virtual bool ReadsUnwrittenInput => false;

    /// <summary>Length of the packed transpose; 0 where <see cref="InputGradient"/> takes the kernel as it is.</summary>
    public abstract long PackedTransposeLength { get; }

    /// <summary>Parts of <see cref="InputGradient"/>.</summary>
    public abstract int InputGradientParts { get; }

    /// <summary>Scratch of each part of <see cref="InputGradient"/>.</summary>
    public abstract long InputGradientScratchLength { get; }

    /// <summary>Parts of <see cref="WeightGradient"/>.</summary>
    public abstract int WeightGradientParts { get; }

    /// <summary>
    /// Length of the partial sums that <see cref="WeightGradient"/> leaves to <see cref="ReduceWeightGradient"/>.
    /// </summary>
    public abstract long WeightGradientPartialsLength { get; }

    /// <summary>Scratch of each part of <see cref="WeightGradient"/>.</summary>
    public abstract long WeightGradientScratchLength { get; }

    /// <summary>Parts of <see cref="ReduceWeightGradient"/>; 0 where there is nothing to reduce.</summary>
    public abstract int WeightGradientReduceParts { get; }

    /// <summary>Chooses the algorithm for a geometry.</summary>
    public static ConvolutionAlgorithm Select(in ConvolutionGeometry geometry)
    {
        bool isDepthwise = geometry.Groups == geometry.InputChannels
            && (geometry.Groups > 1 || geometry.OutputChannels == 1);

        // With a vector's worth of filters for each channel, they are the better lanes.
        if (!isDepthwise || geometry.GroupOutputChannels >= Math.Max(2, SimdLevel.Width))
        {
            return ProductConvolution.Create(geometry);
        }

        return geometry.GroupOutputChannels == 1
            ? new DepthwiseConvolution(geometry)
            : new MultipliedDepthwiseConvolution(geometry);
    }

    /// <summary>Packs one part of the kernel for <see cref="Forward"/>.</summary>
    public abstract void PackKernel(float* kernel, float* packed, int part);

    /// <summary>Packs one part of the kernel for <see cref="InputGradient"/>.</summary>
    public abstract void PackKernelTransposed(float* kernel, float* packed, int part);

    /// <summary>
    /// Computes one part of the output; the bias may be null. An unfinished input can be given where <see cref="ForwardFinishes"/>.
    /// </summary>
    public abstract void Forward(
        float* input, float* packedKernel, float* bias, float* output, int part, float* scratch, in UnfinishedInput unfinished = default);

    /// <summary>
    /// Computes one part of the gradient by input. All parts together overwrite it completely. An unfinished gradient by the output can
    /// be given where <see cref="InputGradientFinishes"/>.
    /// </summary>
    public abstract void InputGradient(
        float* outputGradient, float* packedTranspose, float* inputGradient, int part, float* scratch,
        in UnfinishedGradient unfinished = default);

    /// <summary>
    /// Computes one part of the gradients by kernel and bias. The batch is divided into fixed shards: the first one's sums
    /// go to the gradients themselves, overwriting them, and the others' to the partials.
    /// The bias gradient may be null. An unfinished gradient by the output can be given where <see cref="WeightGradientFinishes"/>,
    /// an input without a place of its own where <see cref="ReadsUnwrittenInput"/>.
    /// </summary>
    public abstract void WeightGradient(
        float* input, float* outputGradient, float* kernelGradient, float* biasGradient, float* partials, int part,
        float* scratch, in UnfinishedGradient unfinished = default, in UnfinishedInput unfinishedInput = default);

    /// <summary>
    /// Adds one part of the partials to the gradients, shard by shard, once all parts of
    /// <see cref="WeightGradient"/> are done.
    /// </summary>
    public abstract void ReduceWeightGradient(
        float* partials, float* kernelGradient, float* biasGradient, int part);
}
