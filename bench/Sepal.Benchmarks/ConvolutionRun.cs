using System.Runtime.InteropServices;
using Sepal.Kernels;

namespace Sepal.Benchmarks;

/// <summary>One convolution on random numbers, part after part on the calling thread; weights are packed each time.</summary>
internal sealed unsafe class ConvolutionRun : IDisposable
{
    private readonly ConvolutionAlgorithm _algorithm;
    private readonly List<nint> _memory = [];
    private readonly float* _input;
    private readonly float* _kernel;
    private readonly float* _bias;
    private readonly float* _output;
    private readonly float* _inputGradient;
    private readonly float* _kernelGradient;
    private readonly float* _biasGradient;
    private readonly float* _packed;
    private readonly float* _packedTranspose;
    private readonly float* _partials;
    private readonly float* _scratch;

    public ConvolutionRun(in ConvolutionGeometry geometry)
    {
        _algorithm = ConvolutionAlgorithm.Select(geometry);
        _input = Allocate((long)geometry.Batch * geometry.InputImageLength);
        _output = Allocate((long)geometry.Batch * geometry.OutputImageLength);
        _inputGradient = Allocate((long)geometry.Batch * geometry.InputImageLength);
        _kernel = Allocate(geometry.KernelLength);
        _kernelGradient = Allocate(geometry.KernelLength);
        _bias = Allocate(geometry.OutputChannels);
        _biasGradient = Allocate(geometry.OutputChannels);
        _packed = Allocate(_algorithm.PackedKernelLength);
        _packedTranspose = Allocate(_algorithm.PackedTransposeLength);
        _partials = Allocate(_algorithm.WeightGradientPartialsLength);
        _scratch = Allocate(Math.Max(
            _algorithm.ForwardScratchLength,
            Math.Max(_algorithm.InputGradientScratchLength, _algorithm.WeightGradientScratchLength)));
    }

    public void Forward()
    {
        for (int part = 0; part < _algorithm.PackKernelParts; part++)
        {
            _algorithm.PackKernel(_kernel, _packed, part);
        }

        float* packed = _algorithm.PackedKernelLength == 0 ? _kernel : _packed;
        for (int part = 0; part < _algorithm.ForwardParts; part++)
        {
            _algorithm.Forward(_input, packed, _bias, _output, part, _scratch);
        }
    }

    public void InputGradient()
    {
        for (int part = 0; part < _algorithm.PackTransposeParts; part++)
        {
            _algorithm.PackKernelTransposed(_kernel, _packedTranspose, part);
        }

        float* packed = _algorithm.PackedTransposeLength == 0 ? _kernel : _packedTranspose;
        for (int part = 0; part < _algorithm.InputGradientParts; part++)
        {
            _algorithm.InputGradient(_output, packed, _inputGradient, part, _scratch);
        }
    }

    public void WeightGradient()
    {
        for (int part = 0; part < _algorithm.WeightGradientParts; part++)
        {
            _algorithm.WeightGradient(_input, _output, _kernelGradient, _biasGradient, _partials, part, _scratch);
        }

        for (int part = 0; part < _algorithm.WeightGradientReduceParts; part++)
        {
            _algorithm.ReduceWeightGradient(_partials, _kernelGradient, _biasGradient, part);
        }
    }

    public void Dispose()
    {
        foreach (nint memory in _memory)
        {
            NativeMemory.AlignedFree((void*)memory);
        }
    }

    private float* Allocate(long length)
    {
        float* memory = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(16, length) * sizeof(float), 64);
        _memory.Add((nint)memory);
        Random random = new(1);
        for (long i = 0; i < length; i++)
        {
            memory[i] = (random.NextSingle() * 2) - 1;
        }

        return memory;
    }
}
