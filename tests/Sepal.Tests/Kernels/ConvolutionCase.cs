using Sepal.Kernels;

namespace Sepal.Tests.Kernels;

/// <summary>One convolution with random numbers, run through an algorithm on guarded memory.</summary>
internal sealed unsafe class ConvolutionCase
{
    private readonly ConvolutionAlgorithm _algorithm;
    private readonly Random _random;

    public ConvolutionCase(in ConvolutionGeometry geometry, int seed)
    {
        Geometry = geometry;
        _algorithm = ConvolutionAlgorithm.Select(geometry);
        _random = new Random(seed);
        Input = Numbers(geometry.Batch * geometry.InputImageLength);
        Kernel = Numbers(geometry.KernelLength);
        Bias = Numbers(geometry.OutputChannels);
        OutputGradient = Numbers(geometry.Batch * geometry.OutputImageLength);
    }

    public ConvolutionGeometry Geometry { get; }

    public float[] Input { get; private init; }

    public float[] Kernel { get; private init; }

    public float[] Bias { get; private init; }

    public float[] OutputGradient { get; private init; }

    /// <summary>The same convolution of one image of the batch.</summary>
    public ConvolutionCase Image(int image) => new(Geometry with { Batch = 1 }, seed: image)
    {
        Input = Input.AsSpan(image * Geometry.InputImageLength, Geometry.InputImageLength).ToArray(),
        Kernel = Kernel,
        Bias = Bias,
        OutputGradient =
            OutputGradient.AsSpan(image * Geometry.OutputImageLength, Geometry.OutputImageLength).ToArray(),
    };

    public float[] Forward(bool withBias = true, bool shuffled = false)
    {
        using GuardedBuffer input = new(Input);
        using GuardedBuffer kernel = new(Kernel);
        using GuardedBuffer bias = new(Bias);
        using GuardedBuffer packed = new(_algorithm.PackedKernelLength);
        using GuardedBuffer output = new(OutputGradient.Length);
        RunParts(_algorithm.PackKernelParts, shuffled, part => _algorithm.PackKernel(kernel.Pointer, packed.Pointer, part));
        float* weights = packed.Length == 0 ? kernel.Pointer : packed.Pointer;
        RunParts(_algorithm.ForwardParts, shuffled, part =>
        {
            using GuardedBuffer scratch = new(_algorithm.ForwardScratchLength);
            _algorithm.Forward(
                input.Pointer, weights, withBias ? bias.Pointer : null, output.Pointer, part, scratch.Pointer);
        });

        return output.Span.ToArray();
    }

    public float[] InputGradient(bool shuffled = false)
    {
        using GuardedBuffer outputGradient = new(OutputGradient);
        using GuardedBuffer kernel = new(Kernel);
        using GuardedBuffer packed = new(_algorithm.PackedTransposeLength);
        using GuardedBuffer inputGradient = new(Input.Length);
        RunParts(_algorithm.PackTransposeParts, shuffled, part => _algorithm.PackKernelTransposed(kernel.Pointer, packed.Pointer, part));
        float* weights = packed.Length == 0 ? kernel.Pointer : packed.Pointer;
        RunParts(_algorithm.InputGradientParts, shuffled, part =>
        {
            using GuardedBuffer scratch = new(_algorithm.InputGradientScratchLength);
            _algorithm.InputGradient(
                outputGradient.Pointer, weights, inputGradient.Pointer, part, scratch.Pointer);
        });

        return inputGradient.Span.ToArray();
    }

    public (float[] Kernel, float[] Bias) WeightGradient(bool shuffled = false)
    {
        using GuardedBuffer input = new(Input);
        using GuardedBuffer outputGradient = new(OutputGradient);
        using GuardedBuffer kernelGradient = new(Kernel.Length);
        using GuardedBuffer biasGradient = new(Bias.Length);
        using GuardedBuffer partials = new(_algorithm.WeightGradientPartialsLength);
        RunParts(_algorithm.WeightGradientParts, shuffled, part =>
        {
            using GuardedBuffer scratch = new(_algorithm.WeightGradientScratchLength);
            _algorithm.WeightGradient(
                input.Pointer, outputGradient.Pointer, kernelGradient.Pointer, biasGradient.Pointer,
                partials.Pointer, part, scratch.Pointer);
        });
        RunParts(_algorithm.WeightGradientReduceParts, shuffled, part =>
            _algorithm.ReduceWeightGradient(partials.Pointer, kernelGradient.Pointer, biasGradient.Pointer, part));

        return (kernelGradient.Span.ToArray(), biasGradient.Span.ToArray());
    }

    /// <summary>Runs all parts, one after the other or in random order on several threads.</summary>
    private void RunParts(int count, bool shuffled, Action<int> run)
    {
        int[] parts = [.. Enumerable.Range(0, count)];
        if (shuffled)
        {
            _random.Shuffle(parts);
            Parallel.ForEach(parts, run);
        }
        else
        {
            Array.ForEach(parts, run);
        }
    }

    private float[] Numbers(int count)
    {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = (_random.NextSingle() * 2) - 1;
        }

        return numbers;
    }
}
