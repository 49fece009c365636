namespace Sepal.Kernels.Depthwise;

/// <summary>A convolution of every channel with one filter of its own. Kernels are used as they are, unpacked.</summary>
internal sealed unsafe class DepthwiseConvolution : ConvolutionAlgorithm
{
    private readonly DepthwiseForward _forward;
    private readonly DepthwiseCorrelation[] _inputGradient;
    private readonly DepthwiseKernelGradient _weightGradient;

    public DepthwiseConvolution(in ConvolutionGeometry geometry)
        : base(geometry)
    {
        int kernelWidth = geometry.KernelWidth;
        int batch = geometry.Batch;
        _forward = new DepthwiseForward(geometry);
        _inputGradient =
        [
            .. Correlation.InputGradient(geometry)
                .Select(phase => DepthwiseCorrelation.Create(phase, kernelWidth, batch)),
        ];
        _weightGradient = DepthwiseKernelGradient.Create(geometry);
        InputGradientParts = _inputGradient.Sum(phase => phase.Parts);
        InputGradientScratchLength = _inputGradient.Max(phase => phase.ScratchLength);
    }

    public override long PackedKernelLength => 0;

    public override int ForwardParts => _forward.Parts;

    public override long ForwardScratchLength => _forward.ScratchLength;

    public override long PackedTransposeLength => 0;

    public override int InputGradientParts { get; }

    public override long InputGradientScratchLength { get; }

    public override int WeightGradientParts => _weightGradient.Parts;

    public override long WeightGradientPartialsLength =>
        ShardedGradients.PartialsLength(Geometry, _weightGradient.Shards);

    public override long WeightGradientScratchLength => _weightGradient.ScratchLength;

    public override int WeightGradientReduceParts => ShardedGradients.ReduceParts(Geometry, _weightGradient.Shards);

    public override void PackKernel(float* kernel, float* packed)
    {
    }

    public override void PackKernelTransposed(float* kernel, float* packed)
    {
    }

    public override void Forward(
        float* input, float* packedKernel, float* bias, float* output, int part, float* scratch) =>
        _forward.Run(input, packedKernel, bias, output, part, scratch);

    public override void InputGradient(
        float* outputGradient, float* packedTranspose, float* inputGradient, int part, float* scratch)
    {
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
        float* scratch) =>
        _weightGradient.Run(
            input, outputGradient, new ShardedGradients(Geometry, kernelGradient, biasGradient, partials), part, scratch);

    public override void ReduceWeightGradient(
        float* partials, float* kernelGradient, float* biasGradient, int part) =>
        new ShardedGradients(Geometry, kernelGradient, biasGradient, partials).Reduce(_weightGradient.Shards, part);
}
