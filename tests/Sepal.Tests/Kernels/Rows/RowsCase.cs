using Sepal.Kernels;
using Sepal.Kernels.Rows;
using Sepal.Tests.References;

namespace Sepal.Tests.Kernels.Rows;

/// <summary>What is fused to a convolution under test.</summary>
internal sealed record RowsOptions
{
    public Epilogue Epilogue { get; init; } = new();

    /// <summary>What the epilogue's curve is, in double precision.</summary>
    public Func<double, double>? Curve { get; init; }

    public bool HasBias { get; init; } = true;

    public bool HasAddend { get; init; }

    public bool IsScaled { get; init; }

    public bool IsPlanar { get; init; }

    public int Shares { get; init; } = 1;
}

/// <summary>
/// One convolution of one image with random numbers, run some rows and some blocks at a time. Every call gets guarded memory of exactly
/// the source rows that it may read and the target rows that it shall write.
/// </summary>
internal sealed unsafe class RowsCase
{
    private const float Canary = -98765.5f;

    private readonly ConvolutionRows _rows;
    private readonly RowsOptions _options;
    private readonly Random _random;

    public RowsCase(in ConvolutionGeometry geometry, RowsOptions options, int seed = 1)
    {
        Geometry = geometry with { Batch = 1 };
        _options = options;
        _rows = ConvolutionRows.Create(Geometry, options.Epilogue, options.IsScaled, options.IsPlanar, options.Shares);
        _random = new Random(seed);
        Input = Numbers(Geometry.InputImageLength);
        Kernel = Numbers(Geometry.KernelLength);
        Bias = Numbers(Geometry.OutputChannels);
        Addend = Numbers(Geometry.OutputImageLength);
        Scale = Numbers(Geometry.InputChannels);
    }

    public ConvolutionGeometry Geometry { get; }

    public int Blocks => _rows.Blocks;

    /// <summary>NHWC, also where the source is planar.</summary>
    public float[] Input { get; }

    public float[] Kernel { get; }

    public float[] Bias { get; }

    public float[] Addend { get; }

    public float[] Scale { get; }

    public override string ToString() => $"{Geometry}, {_options}, blocks {Blocks}";

    /// <summary>The textbook's sums, without a bias.</summary>
    public double[] Sums()
    {
        float[] input = _options.IsScaled
            ? [.. Input.Select((number, index) => number * Scale[index % Geometry.InputChannels])]
            : Input;
        return ReferenceConvolution.Forward(Geometry, input, Kernel, bias: null);
    }

    /// <summary>What is to become of the sums, one thing after the other.</summary>
    public double[] Reference(double[] sums)
    {
        double[] output = new double[sums.Length];
        for (int index = 0; index < output.Length; index++)
        {
            double value = sums[index]
                + (_options.HasBias ? Bias[index % Geometry.OutputChannels] : 0)
                + (_options.HasAddend ? Addend[index] : 0);
            value = value < _options.Epilogue.Low ? _options.Epilogue.Low : value > _options.Epilogue.High ? _options.Epilogue.High : value;
            output[index] = _options.Curve?.Invoke(value) ?? value;
        }

        return output;
    }

    /// <summary>The whole output, so many rows and so many blocks at a time.</summary>
    public float[] Run(int rows, int blocks = int.MaxValue)
    {
        using GuardedBuffer kernel = new(Kernel);
        using GuardedBuffer bias = new(Bias);
        using GuardedBuffer packed = new(_rows.PackedLength);
        _rows.Pack(kernel.Pointer, _options.HasBias ? bias.Pointer : null, packed.Pointer);
        float[] output = new float[Geometry.OutputImageLength];
        for (int from = 0; from < Geometry.OutputHeight; from += rows)
        {
            int to = Math.Min(Geometry.OutputHeight, from + rows);
            bool[] written = new bool[(to - from) * Geometry.OutputWidth * Geometry.OutputChannels];
            for (int block = 0; block < Blocks; block += Math.Min(blocks, Blocks))
            {
                float[] strip = RunStrip(packed.Pointer, from, to, block, Math.Min(Blocks, block + Math.Min(blocks, Blocks)));
                for (int index = 0; index < strip.Length; index++)
                {
                    if (strip[index] != Canary)
                    {
                        // Blocks are for threads to compute at once: what one writes, no other may.
                        if (written[index])
                        {
                            throw new InvalidOperationException($"Two blocks write channel {index % Geometry.OutputChannels}: {this}");
                        }

                        written[index] = true;
                        output[(from * Geometry.OutputWidth * Geometry.OutputChannels) + index] = strip[index];
                    }
                }
            }

            if (written.Contains(false))
            {
                throw new InvalidOperationException($"No block writes element {Array.IndexOf(written, false)} of rows {from} to {to}: {this}");
            }
        }

        return output;
    }

    private float[] RunStrip(float* packed, int from, int to, int firstBlock, int endBlock)
    {
        int sourcePitch = Geometry.InputWidth * Geometry.InputChannels;
        int targetPitch = Geometry.OutputWidth * Geometry.OutputChannels;
        (int first, int end) = _options.IsPlanar ? (0, Geometry.InputHeight) : NeededRows(from, to);
        using GuardedBuffer source = new(_options.IsPlanar ? Planar() : Input.AsSpan(first * sourcePitch, (end - first) * sourcePitch));
        using GuardedBuffer addend = new(Addend.AsSpan(from * targetPitch, (to - from) * targetPitch));
        using GuardedBuffer scale = new(Scale);
        using GuardedBuffer target = new((to - from) * (long)targetPitch);
        using GuardedBuffer scratch = new(_rows.ScratchLength);
        target.Span.Fill(Canary);
        _rows.Run(new RowOperands
        {
            Source = source.Pointer - (first * sourcePitch),
            Packed = packed,
            Target = target.Pointer - (from * targetPitch),
            Addend = _options.HasAddend ? addend.Pointer - (from * targetPitch) : null,
            Scale = _options.IsScaled ? scale.Pointer : null,
            Scratch = scratch.Pointer,
            From = from,
            To = to,
            FirstBlock = firstBlock,
            EndBlock = endBlock,
        });
        return target.Span.ToArray();
    }

    private float[] Planar()
    {
        int pixels = Geometry.InputHeight * Geometry.InputWidth;
        float[] planar = new float[Input.Length];
        for (int index = 0; index < Input.Length; index++)
        {
            (int pixel, int channel) = Math.DivRem(index, Geometry.InputChannels);
            planar[(channel * pixels) + pixel] = Input[index];
        }

        return planar;
    }

    /// <summary>The rows of the image from the first tap of the first target row to the last tap of the last one.</summary>
    private (int First, int End) NeededRows(int from, int to)
    {
        int top = (from * Geometry.StrideHeight) - Geometry.PaddingTop;
        int bottom = ((to - 1) * Geometry.StrideHeight) + ((Geometry.KernelHeight - 1) * Geometry.DilationHeight) - Geometry.PaddingTop;
        int first = Math.Clamp(top, 0, Geometry.InputHeight);
        return (first, Math.Clamp(bottom + 1, first, Geometry.InputHeight));
    }

    private float[] Numbers(int count)
    {
        float[] numbers = new float[count];
        for (int index = 0; index < count; index++)
        {
            numbers[index] = (_random.NextSingle() * 2) - 1;
        }

        return numbers;
    }
}
