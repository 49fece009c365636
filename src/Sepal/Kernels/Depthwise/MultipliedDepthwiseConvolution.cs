using Sepal.Kernels.Normalization;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// A depthwise convolution with several filters for each channel. For the gradients, each image's channels are repeated into the
/// scratch, and what follows is a depthwise convolution with one filter each; every part of them is an image.
/// </summary>
internal sealed unsafe class MultipliedDepthwiseConvolution : ConvolutionAlgorithm
{
    private readonly DepthwiseForward _forward;
    private readonly DepthwiseConvolution _single;
    private readonly int _multiplier;
    private readonly long _repeatedLength;

    public MultipliedDepthwiseConvolution(in ConvolutionGeometry geometry)
        : base(geometry)
    {
        _multiplier = geometry.GroupOutputChannels;
        _forward = new DepthwiseForward(geometry);
        _single = new DepthwiseConvolution(geometry with
        {
            Batch = 1,
            InputChannels = geometry.OutputChannels,
            Groups = geometry.OutputChannels,
        });

        // Whole cache lines, so that what follows in the scratch stays aligned.
        _repeatedLength = WholeLines(_single.Geometry.InputImageLength);
    }

    public override long PackedKernelLength => 0;

    public override int ForwardParts => _forward.Parts;

    public override long ForwardScratchLength => _forward.ScratchLength;

    public override long PackedTransposeLength => 0;

    public override int InputGradientParts => Geometry.Batch;

    public override long InputGradientScratchLength => _repeatedLength + _single.InputGradientScratchLength;

    public override int WeightGradientParts => Geometry.Batch;

    public override long WeightGradientPartialsLength => ShardedGradients.PartialsLength(Geometry, Geometry.Batch);

    public override long WeightGradientScratchLength => _repeatedLength
        + WholeLines(_single.WeightGradientPartialsLength) + _single.WeightGradientScratchLength;

    public override int WeightGradientReduceParts => ShardedGradients.ReduceParts(Geometry, Geometry.Batch);

    public override bool ForwardFinishes => _forward.Finishes;

    public override void PackKernel(float* kernel, float* packed, int part)
    {
    }

    public override void PackKernelTransposed(float* kernel, float* packed, int part)
    {
    }

    public override void Forward(
        float* input, float* packedKernel, float* bias, float* output, int part, float* scratch, in UnfinishedInput unfinished = default) =>
        _forward.Run(input, packedKernel, bias, output, part, scratch, unfinished);

    public override void InputGradient(
        float* outputGradient, float* packedTranspose, float* inputGradient, int part, float* scratch,
        in UnfinishedGradient unfinished = default)
    {
        outputGradient += (nint)part * Geometry.OutputImageLength;
        for (int i = 0; i < _single.InputGradientParts; i++)
        {
            _single.InputGradient(outputGradient, packedTranspose, scratch, i, scratch + _repeatedLength);
        }

        SumChannels(scratch, inputGradient + ((nint)part * Geometry.InputImageLength));
    }

    public override void WeightGradient(
        float* input, float* outputGradient, float* kernelGradient, float* biasGradient, float* partials, int part,
        float* scratch, in UnfinishedGradient unfinished = default, in UnfinishedInput unfinishedInput = default)
    {
        RepeatChannels(input + ((nint)part * Geometry.InputImageLength), scratch);
        outputGradient += (nint)part * Geometry.OutputImageLength;
        ShardedGradients gradients = new(Geometry, kernelGradient, biasGradient, partials);
        float* kernel = gradients.Kernel(part);
        float* bias = gradients.Bias(part);
        float* singlePartials = scratch + _repeatedLength;
        float* singleScratch = singlePartials + WholeLines(_single.WeightGradientPartialsLength);
        for (int i = 0; i < _single.WeightGradientParts; i++)
        {
            _single.WeightGradient(scratch, outputGradient, kernel, bias, singlePartials, i, singleScratch);
        }

        for (int i = 0; i < _single.WeightGradientReduceParts; i++)
        {
            _single.ReduceWeightGradient(singlePartials, kernel, bias, i);
        }
    }

    public override void ReduceWeightGradient(
        float* partials, float* kernelGradient, float* biasGradient, int part) =>
        new ShardedGradients(Geometry, kernelGradient, biasGradient, partials).Reduce(Geometry.Batch, part);

    private static long WholeLines(long length) => (length + 15) / 16 * 16;

    private void RepeatChannels(float* source, float* destination)
    {
        for (int i = 0; i < Geometry.InputImageLength; i++)
        {
            for (int copy = 0; copy < _multiplier; copy++)
            {
                *destination++ = source[i];
            }
        }
    }

    private void SumChannels(float* source, float* destination)
    {
        for (int i = 0; i < Geometry.InputImageLength; i++)
        {
            float sum = *source++;
            for (int copy = 1; copy < _multiplier; copy++)
            {
                sum += *source++;
            }

            destination[i] = sum;
        }
    }
}
