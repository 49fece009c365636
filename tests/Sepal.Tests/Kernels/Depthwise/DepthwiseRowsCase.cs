using Sepal.Kernels;
using Sepal.Kernels.Depthwise;

namespace Sepal.Tests.Kernels.Depthwise;

/// <summary>
/// One depthwise convolution with random numbers, run by strips. Every strip gets guarded memory of exactly the source rows that it
/// may read and the target rows that it shall write, with canaries at the ends of the rows.
/// </summary>
internal sealed unsafe class DepthwiseRowsCase
{
    private const float Canary = -98765.5f;

    private readonly DepthwiseRows _rows;
    private readonly Random _random;

    public DepthwiseRowsCase(in ConvolutionGeometry geometry, int seed)
    {
        Geometry = geometry;
        _rows = DepthwiseRows.Create(geometry);
        _random = new Random(seed);
        Input = Numbers(geometry.InputImageLength);
        Kernel = Numbers(geometry.KernelLength);
        Bias = Numbers(geometry.OutputChannels);
    }

    public ConvolutionGeometry Geometry { get; }

    /// <summary>Floats between rows, which are neither read nor written.</summary>
    public int Margin { get; init; } = 5;

    public float[] Input { get; }

    public float[] Kernel { get; }

    public float[] Bias { get; }

    /// <summary>The whole output, so many rows at a time.</summary>
    public float[] Run(
        int rows, float low = float.NegativeInfinity, float high = float.PositiveInfinity, bool withBias = true)
    {
        using GuardedBuffer kernel = new(Kernel);
        using GuardedBuffer bias = new(Bias);
        using GuardedBuffer packed = new(_rows.PackedLength);
        _rows.Pack(kernel.Pointer, withBias ? bias.Pointer : null, packed.Pointer);
        float[] output = new float[Geometry.OutputImageLength];
        for (int from = 0; from < Geometry.OutputHeight; from += rows)
        {
            RunStrip(packed.Pointer, output, from, Math.Min(Geometry.OutputHeight, from + rows), low, high);
        }

        return output;
    }

    private void RunStrip(float* packed, float[] output, int from, int to, float low, float high)
    {
        int sourceLength = Geometry.InputWidth * Geometry.InputChannels;
        int targetLength = Geometry.OutputWidth * Geometry.OutputChannels;
        nint sourcePitch = sourceLength + Margin;
        nint targetPitch = targetLength + Margin;
        (int first, int end) = NeededRows(from, to);
        using GuardedBuffer source = new(Math.Max(0, ((end - first) * (long)sourcePitch) - Margin));
        using GuardedBuffer target = new(((to - from) * (long)targetPitch) - Margin);
        using GuardedBuffer scratch = new(_rows.ScratchLength);
        target.Span.Fill(Canary);
        for (int row = first; row < end; row++)
        {
            Input.AsSpan(row * sourceLength, sourceLength)
                .CopyTo(source.Span[(int)((row - first) * sourcePitch)..]);
        }

        _rows.Run(
            source.Pointer - (first * sourcePitch), sourcePitch, packed, target.Pointer - (from * targetPitch), targetPitch,
            from, to, low, high, scratch.Pointer, 0, _rows.Blocks);
        for (int row = from; row < to; row++)
        {
            Span<float> result = target.Span[(int)((row - from) * targetPitch)..];
            result[..targetLength].CopyTo(output.AsSpan(row * targetLength));
            if (result[targetLength..Math.Min(result.Length, (int)targetPitch)].ContainsAnyExcept(Canary))
            {
                throw new InvalidOperationException($"Row {row} was written past its end: {Geometry}");
            }
        }
    }

    /// <summary>From the definition, tap by tap.</summary>
    private (int First, int End) NeededRows(int from, int to)
    {
        int[] rows =
        [
            .. Enumerable.Range(from, to - from)
                .SelectMany(row => Enumerable.Range(0, Geometry.KernelHeight).Select(tap =>
                    (row * Geometry.StrideHeight) + (tap * Geometry.DilationHeight) - Geometry.PaddingTop))
                .Where(position => position >= 0 && position < Geometry.InputHeight),
        ];
        return rows.Length == 0 ? (0, 0) : (rows.Min(), rows.Max() + 1);
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
