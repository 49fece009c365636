using Sepal.Kernels.Depthwise;
using Sepal.Kernels.Normalization;

namespace Sepal.Kernels.Convolution;

/// <summary>Any convolution by matrix products: standard, pointwise, dense layers (an image of one pixel), grouped.</summary>
internal sealed unsafe class ProductConvolution : ConvolutionAlgorithm
{
    /// <summary>Inputs of a group that are too few for a matrix product.</summary>
    private const int FewInputs = 8;

    private readonly ConvolutionGeometry _geometry;

    /// <summary>Null where groups have inputs and outputs enough for a matrix product.</summary>
    private readonly DepthwiseForward? _groups;

    /// <summary>The first pixel that each part of the forward pass alone reads, and after the last the number of all; null where there are no such.</summary>
    private readonly long[]? _forwardSources;

    /// <summary>Likewise for the gradient by input.</summary>
    private readonly long[]? _inputGradientSources;

    private readonly CorrelationProduct _forward;
    private readonly CorrelationProduct[] _inputGradient;
    private readonly KernelGradientProduct _weightGradient;

    private ProductConvolution(in ConvolutionGeometry geometry)
        : base(geometry)
    {
        _geometry = geometry.WithoutImages();
        _forward = CorrelationProducts.Forward(_geometry);
        _groups = geometry.Groups > 1 && geometry.GroupInputChannels <= FewInputs
            && geometry.GroupOutputChannels <= 2 * FewInputs
            ? new DepthwiseForward(geometry)
            : null;
        _inputGradient = CorrelationProducts.InputGradient(_geometry);
        _weightGradient = KernelGradientProduct.Create(_geometry);
        PackedTransposeLength = _inputGradient.Sum(phase => phase.PackedLength);
        InputGradientParts = _inputGradient.Sum(phase => phase.Parts);
        InputGradientScratchLength = _inputGradient.Max(phase => phase.ScratchLength);
        if (_geometry.IsPixelwise)
        {
            _forwardSources = _groups is null ? _forward.TargetPixels : null;
            _inputGradientSources = InputGradientPixels;
        }
    }

    public override long PackedKernelLength => _groups is null ? _forward.PackedLength : 0;

    public override int PackKernelParts => _groups is null ? _forward.PackParts : 1;

    public override int PackTransposeParts => _inputGradient.Sum(phase => phase.PackParts);

    public override int ForwardParts => _groups?.Parts ?? _forward.Parts;

    public override long ForwardScratchLength => _groups?.ScratchLength ?? _forward.ScratchLength;

    public override long[]? ForwardPixels => _groups is null ? _forward.TargetPixels : _groups.TargetPixels;

    public override long[]? InputGradientPixels => _inputGradient is [var only] ? only.TargetPixels : null;

    public override bool ForwardFinishes => _groups?.Finishes ?? _forwardSources is not null;

    public override bool InputGradientFinishes => _inputGradientSources is not null;

    public override bool WeightGradientFinishes => _weightGradient.FinishesGradient;

    public override long PackedTransposeLength { get; }

    public override int InputGradientParts { get; }

    public override long InputGradientScratchLength { get; }

    public override int WeightGradientParts => _weightGradient.Parts;

    public override long WeightGradientPartialsLength =>
        ShardedGradients.PartialsLength(_geometry, _weightGradient.Shards);

    public override long WeightGradientScratchLength => _weightGradient.ScratchLength;

    public override int WeightGradientReduceParts => ShardedGradients.ReduceParts(_geometry, _weightGradient.Shards);

    public static ProductConvolution Create(in ConvolutionGeometry geometry) => new(geometry);

    public override void PackKernel(float* kernel, float* packed, int part)
    {
        if (_groups is null)
        {
            _forward.Pack(kernel, packed, part);
        }
    }

    public override void PackKernelTransposed(float* kernel, float* packed, int part)
    {
        foreach (CorrelationProduct phase in _inputGradient)
        {
            if (part < phase.PackParts)
            {
                phase.Pack(kernel, packed, part);
                return;
            }

            part -= phase.PackParts;
            packed += phase.PackedLength;
        }
    }

    public override void Forward(
        float* input, float* packedKernel, float* bias, float* output, int part, float* scratch, in UnfinishedInput unfinished = default)
    {
        if (_forwardSources is not null)
        {
            unfinished.Finish(_forwardSources[part], _forwardSources[part + 1]);
        }

        if (_groups is null)
        {
            _forward.Run(input, packedKernel, bias, output, part, scratch, unfinished.Source);
        }
        else
        {
            _groups.Run(input, packedKernel, bias, output, part, scratch, unfinished);
        }
    }

    public override void InputGradient(
        float* outputGradient, float* packedTranspose, float* inputGradient, int part, float* scratch,
        in UnfinishedGradient unfinished = default)
    {
        if (_inputGradientSources is not null)
        {
            unfinished.Finish(_inputGradientSources[part], _inputGradientSources[part + 1]);
        }

        foreach (CorrelationProduct phase in _inputGradient)
        {
            if (part < phase.Parts)
            {
                phase.Run(outputGradient, packedTranspose, bias: null, inputGradient, part, scratch, unfinished.Source);
                return;
            }

            part -= phase.Parts;
            packedTranspose += phase.PackedLength;
        }
    }

    public override void WeightGradient(
        float* input, float* outputGradient, float* kernelGradient, float* biasGradient, float* partials, int part,
        float* scratch, in UnfinishedGradient unfinished = default, in UnfinishedInput unfinishedInput = default) =>
        _weightGradient.Run(
            input, outputGradient, new ShardedGradients(_geometry, kernelGradient, biasGradient, partials), part, scratch, unfinished);

    public override void ReduceWeightGradient(
        float* partials, float* kernelGradient, float* biasGradient, int part) =>
        new ShardedGradients(_geometry, kernelGradient, biasGradient, partials).Reduce(_weightGradient.Shards, part);
}
