using Sepal.Kernels.Normalization;

namespace Sepal.Kernels.Depthwise;

/// <summary>A convolution of every channel with one filter of its own. Kernels are used as they are, unpacked.</summary>
internal sealed unsafe class DepthwiseConvolution : ConvolutionAlgorithm
{
    /// <summary>Images from which on a part computes all phases of the strides for whole images, whose memory is near then.</summary>
    private const int ManyImages = 8;

    /// <summary>Multiply-adds worth handing to a thread: some ten microseconds for a kernel bound by its loads.</summary>
    private const long SmallestPart = 1 << 17;

    private readonly DepthwiseForward _forward;
    private readonly DepthwiseCorrelation[] _inputGradient;
    private readonly DepthwiseKernelGradient _weightGradient;

    /// <summary>Images of which a part computes all phases; 0 where a part belongs to one phase.</summary>
    private readonly int _imagesPerPart;

    public DepthwiseConvolution(in ConvolutionGeometry geometry)
        : base(geometry)
    {
        int kernelWidth = geometry.KernelWidth;
        _forward = new DepthwiseForward(geometry);
        Correlation[] phases = Correlation.InputGradient(geometry);
        bool isByImages = phases.Length > 1 && geometry.Batch >= ManyImages;
        int batch = isByImages ? 1 : geometry.Batch;
        _inputGradient = [.. phases.Select(phase => DepthwiseCorrelation.Create(phase, kernelWidth, batch))];
        long imageWork = (long)geometry.OutputImageLength * geometry.KernelArea;
        _imagesPerPart = isByImages ? (int)Math.Clamp(SmallestPart / imageWork, 1, geometry.Batch) : 0;
        _weightGradient = DepthwiseKernelGradient.Create(geometry);
        InputGradientParts = isByImages
            ? (geometry.Batch + _imagesPerPart - 1) / _imagesPerPart
            : _inputGradient.Sum(phase => phase.Parts);
        InputGradientScratchLength = _inputGradient.Max(phase => phase.ScratchLength);
    }

    public override long PackedKernelLength => 0;

    public override int ForwardParts => _forward.Parts;

    public override long ForwardScratchLength => _forward.ScratchLength;

    public override long[]? ForwardPixels => _forward.TargetPixels;

    public override long[]? InputGradientPixels
    {
        get
        {
            if (_imagesPerPart == 0)
            {
                return _inputGradient is [var only] ? only.TargetPixels : null;
            }

            long imagePixels = (long)Geometry.InputHeight * Geometry.InputWidth;
            return [.. Enumerable.Range(0, InputGradientParts).Select(part => part * _imagesPerPart * imagePixels), Geometry.Batch * imagePixels];
        }
    }

    public override bool ForwardFinishes => _forward.Finishes;

    public override bool WeightGradientFinishes => true;

    public override bool ReadsUnwrittenInput => _forward.Finishes && _weightGradient.ReadsUnwrittenInput;

    public override long PackedTransposeLength => 0;

    public override int InputGradientParts { get; }

    public override long InputGradientScratchLength { get; }

    public override int WeightGradientParts => _weightGradient.Parts;

    public override long WeightGradientPartialsLength =>
        ShardedGradients.PartialsLength(Geometry, _weightGradient.Shards);

    public override long WeightGradientScratchLength => _weightGradient.ScratchLength;

    public override int WeightGradientReduceParts => ShardedGradients.ReduceParts(Geometry, _weightGradient.Shards);

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
        if (_imagesPerPart > 0)
        {
            int end = Math.Min(Geometry.Batch, (part + 1) * _imagesPerPart);
            for (int image = part * _imagesPerPart; image < end; image++)
            {
                InputGradientOfImage(
                    outputGradient + ((nint)image * Geometry.OutputImageLength), packedTranspose,
                    inputGradient + ((nint)image * Geometry.InputImageLength), scratch);
            }

            return;
        }

        foreach (DepthwiseCorrelation phase in _inputGradient)
        {
            if (part < phase.Parts)
            {
                phase.Run(outputGradient, packedTranspose, bias: null, inputGradient, part, scratch);
                return;
            }

            part -= phase.Parts;
        }
    }

    public override void WeightGradient(
        float* input, float* outputGradient, float* kernelGradient, float* biasGradient, float* partials, int part,
        float* scratch, in UnfinishedGradient unfinished = default, in UnfinishedInput unfinishedInput = default) =>
        _weightGradient.Run(
            input, outputGradient, new ShardedGradients(Geometry, kernelGradient, biasGradient, partials), part, scratch, unfinished,
            unfinishedInput);

    public override void ReduceWeightGradient(
        float* partials, float* kernelGradient, float* biasGradient, int part) =>
        new ShardedGradients(Geometry, kernelGradient, biasGradient, partials).Reduce(_weightGradient.Shards, part);

    private void InputGradientOfImage(float* outputGradient, float* kernel, float* inputGradient, float* scratch)
    {
        foreach (DepthwiseCorrelation phase in _inputGradient)
        {
            for (int part = 0; part < phase.Parts; part++)
            {
                phase.Run(outputGradient, kernel, bias: null, inputGradient, part, scratch);
            }
        }
    }
}
