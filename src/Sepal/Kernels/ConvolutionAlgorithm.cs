#pragma warning disable IDE0011
namespace Sepal.Kernels;

internal abstract unsafe class ConvolutionAlgorithm
{
    public static ConvolutionAlgorithm Select(in ConvolutionGeometry geometry) => new Naive(geometry);

    public abstract long PackedKernelLength { get; }
    public abstract void PackKernel(float* kernel, float* packed);
    public abstract int ForwardParts { get; }
    public abstract long ForwardScratchLength { get; }
    public abstract void Forward(float* input, float* packedKernel, float* bias, float* output, int part, float* scratch);
    public abstract long PackedTransposeLength { get; }
    public abstract void PackKernelTransposed(float* kernel, float* packed);
    public abstract int InputGradientParts { get; }
    public abstract long InputGradientScratchLength { get; }
    public abstract void InputGradient(float* outputGradient, float* packedTranspose, float* inputGradient, int part, float* scratch);
    public abstract int WeightGradientParts { get; }
    public abstract long WeightGradientPartialsLength { get; }
    public abstract long WeightGradientScratchLength { get; }
    public abstract void WeightGradient(float* input, float* outputGradient, float* kernelGradient, float* biasGradient, float* partials, int part, float* scratch);
    public abstract int WeightGradientReduceParts { get; }
    public abstract void ReduceWeightGradient(float* partials, float* kernelGradient, float* biasGradient, int part);

    private sealed class Naive(ConvolutionGeometry g) : ConvolutionAlgorithm
    {
        public override long PackedKernelLength => 0;
        public override void PackKernel(float* kernel, float* packed) { }
        public override int ForwardParts => 1;
        public override long ForwardScratchLength => 0;
        private delegate void Visit(int x, int w, int y);
        private void All(Visit v)
        {
            for (int n = 0; n < g.Batch; n++)
            for (int oy = 0; oy < g.OutputHeight; oy++)
            for (int ox = 0; ox < g.OutputWidth; ox++)
            for (int ky = 0; ky < g.KernelHeight; ky++)
            for (int kx = 0; kx < g.KernelWidth; kx++)
            {
                int iy = (oy * g.StrideHeight) - g.PaddingTop + (ky * g.DilationHeight);
                int ix = (ox * g.StrideWidth) - g.PaddingLeft + (kx * g.DilationWidth);
                if (iy < 0 || ix < 0 || iy >= g.InputHeight || ix >= g.InputWidth) continue;
                for (int ic = 0; ic < g.GroupInputChannels; ic++)
                for (int oc = 0; oc < g.OutputChannels; oc++)
                {
                    int group = oc / g.GroupOutputChannels;
                    v((((((n * g.InputHeight) + iy) * g.InputWidth) + ix) * g.InputChannels) + (group * g.GroupInputChannels) + ic,
                      (((((ky * g.KernelWidth) + kx) * g.GroupInputChannels) + ic) * g.OutputChannels) + oc,
                      (((((n * g.OutputHeight) + oy) * g.OutputWidth) + ox) * g.OutputChannels) + oc);
                }
            }
        }
        private long Out => (long)g.Batch * g.OutputImageLength;
        public override void Forward(float* input, float* packedKernel, float* bias, float* output, int part, float* scratch)
        {
            for (long i = 0; i < Out; i++) output[i] = bias == null ? 0 : bias[i % g.OutputChannels];
            All((x, w, y) => output[y] += input[x] * packedKernel[w]);
        }
        public override long PackedTransposeLength => 0;
        public override void PackKernelTransposed(float* kernel, float* packed) { }
        public override int InputGradientParts => 1;
        public override long InputGradientScratchLength => 0;
        public override void InputGradient(float* outputGradient, float* packedTranspose, float* inputGradient, int part, float* scratch)
        {
            new Span<float>(inputGradient, g.Batch * g.InputImageLength).Clear();
            All((x, w, y) => inputGradient[x] += outputGradient[y] * packedTranspose[w]);
        }
        public override int WeightGradientParts => 1;
        public override long WeightGradientPartialsLength => 0;
        public override long WeightGradientScratchLength => 0;
        public override void WeightGradient(float* input, float* outputGradient, float* kernelGradient, float* biasGradient, float* partials, int part, float* scratch)
        {
            new Span<float>(kernelGradient, g.KernelLength).Clear();
            All((x, w, y) => kernelGradient[w] += outputGradient[y] * input[x]);
            if (biasGradient == null) return;
            new Span<float>(biasGradient, g.OutputChannels).Clear();
            for (long i = 0; i < Out; i++) biasGradient[(i % g.OutputChannels)] += outputGradient[i];
        }
        public override int WeightGradientReduceParts => 0;
        public override void ReduceWeightGradient(float* partials, float* kernelGradient, float* biasGradient, int part) { }
    }
}
