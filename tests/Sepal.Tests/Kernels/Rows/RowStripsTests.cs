using Sepal.Kernels;
using Sepal.Kernels.Elementwise;
using Sepal.Kernels.Rows;
using Sepal.Tests.Operators;
using Xunit;

namespace Sepal.Tests.Kernels.Rows;

/// <summary>Convolutions in strips give the bits that they give one after the other.</summary>
public sealed unsafe class RowStripsTests
{
    /// <summary>Bytes between convolutions: for strips of one row, of a few, and of all.</summary>
    private static readonly long?[] WorkingSets = [0, 4000, 12000, null];

    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(3, 2, 1)]
    [InlineData(5, 1, 2)]
    [InlineData(4, 3, 0)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 3, 5)]
    public void Strips_of_an_inverted_residual_are_the_same_bits(int kernel, int stride, int padding)
    {
        (int, int, int, int) sides = (padding, padding, padding, padding);
        ConvolutionGeometry expand = ConvolutionShapes.Make(1, (21, 13, 5), 24, (1, 1), (1, 1), (1, 1), default);
        ConvolutionGeometry depthwise = Next(expand, 24, (kernel, kernel), (stride, stride), (1, 1), sides, 24);
        ConvolutionGeometry project = Next(depthwise, 9, (1, 1), (1, 1), (1, 1), default);
        Check([expand, depthwise, project], hasResidual: true, $"kernel {kernel}, stride {stride}");
        Check([depthwise, project], hasResidual: false, $"kernel {kernel}, stride {stride}");
    }

    [Fact]
    public void Strips_of_random_convolutions_are_the_same_bits()
    {
        int first = Random.Shared.Next();
        for (int seed = first; seed < first + 60; seed++)
        {
            var random = new Random(seed);
            (int, int, int, int) Sides() => (random.Next(4), random.Next(4), random.Next(4), random.Next(4));
            List<ConvolutionGeometry> stages = [];
            int count = random.Next(2, 5);
            while (stages.Count < count)
            {
                bool isDepthwise = stages.Count > 0 && random.Next(2) == 0;
                int filters = isDepthwise ? stages[^1].OutputChannels * random.Next(1, 3) : random.Next(1, 30);
                (int, int) kernel = (random.Next(1, 5), random.Next(1, 5));
                (int, int) stride = (random.Next(1, 4), random.Next(1, 3));
                (int, int) dilation = (random.Next(1, 3), random.Next(1, 3));
                ConvolutionGeometry stage = stages.Count == 0
                    ? ConvolutionShapes.Make(1, (random.Next(9, 30), random.Next(6, 20), random.Next(1, 9)), filters, kernel, stride, dilation, Sides())
                    : Next(stages[^1], filters, kernel, stride, dilation, Sides(), isDepthwise ? stages[^1].OutputChannels : 1);
                if (stage.OutputHeight > 0 && stage.OutputWidth > 0)
                {
                    stages.Add(stage);
                }
            }

            Check([.. stages], hasResidual: stages[^1].Groups == 1, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Parts_cover_the_rows_without_a_gap(int threads)
    {
        ConvolutionGeometry expand = ConvolutionShapes.Make(1, (37, 8, 4), 32, (1, 1), (1, 1), (1, 1), default);
        ConvolutionGeometry depthwise = Next(expand, 32, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1), 32);
        var strips = new RowStrips([Rows(expand), Rows(depthwise)], workingSet: 0);
        int parts = strips.Parts(threads);
        Assert.InRange(parts, 1, 2 * threads);
        int row = 0;
        for (int part = 0; part < parts; part++)
        {
            (int from, int to) = strips.Share(part, parts);
            Assert.Equal(row, from);
            Assert.True(to > from);
            row = to;
        }

        Assert.Equal(37, row);
    }

    /// <summary>A convolution of what another one gives.</summary>
    private static ConvolutionGeometry Next(
        in ConvolutionGeometry before, int filters, (int, int) kernel, (int, int) stride, (int, int) dilation,
        (int, int, int, int) padding, int groups = 1) =>
        ConvolutionShapes.Make(
            1, (before.OutputHeight, before.OutputWidth, before.OutputChannels), filters, kernel, stride, dilation, padding, groups);

    private static ConvolutionRows Rows(in ConvolutionGeometry geometry, int stage = 0) => ConvolutionRows.Create(
        geometry, stage % 2 == 0 ? new Epilogue { Low = -1, High = 3 } : new Epilogue { Curve = UnaryKernel.Of<HardSwish>() });

    private static void Check(ConvolutionGeometry[] stages, bool hasResidual, string what)
    {
        ConvolutionRows[] rows = [.. stages.Select((stage, index) => Rows(stage, index))];
        var random = new Random(stages.Length);
        float[] input = TestNumbers.Uniform(random, stages[0].InputImageLength);
        float[] residual = TestNumbers.Uniform(random, stages[^1].OutputImageLength);
        float[][] kernels = [.. stages.Select(stage => TestNumbers.Uniform(random, stage.KernelLength))];
        float[][] biases = [.. stages.Select(stage => TestNumbers.Uniform(random, stage.OutputChannels))];
        GuardedBuffer[] packed = [.. rows.Select((stage, index) => Packed(stage, kernels[index], biases[index]))];
        using GuardedBuffer source = new(input);
        using GuardedBuffer addend = new(residual);
        float* added = hasResidual ? addend.Pointer : null;
        float[] expected = OneAfterTheOther(rows, packed, source, added);
        int height = stages[^1].OutputHeight;
        foreach (long? workingSet in WorkingSets)
        {
            var strips = new RowStrips([.. rows], workingSet);
            foreach (int parts in (int[])[1, 2, 3])
            {
                float[] output = new float[expected.Length];
                for (int part = 0; part < parts; part++)
                {
                    (int from, int to) = strips.Share(part, parts);
                    if (to > from)
                    {
                        InStrips(strips, rows, packed, source, added, from, to).CopyTo(output.AsSpan(from * (output.Length / height)));
                    }
                }

                Comparer.AssertSameBits(
                    expected,
                    output,
                    [height, stages[^1].OutputWidth, stages[^1].OutputChannels],
                    $"{what}, working set {workingSet}, {parts} parts: {string.Join("; ", stages)}");
            }
        }

        Array.ForEach(packed, buffer => buffer.Dispose());
    }

    private static GuardedBuffer Packed(ConvolutionRows rows, float[] numbers, float[] biases)
    {
        using GuardedBuffer kernel = new(numbers);
        using GuardedBuffer bias = new(biases);
        var packed = new GuardedBuffer(rows.PackedLength);
        rows.Pack(kernel.Pointer, bias.Pointer, packed.Pointer);
        return packed;
    }

    private static float[] OneAfterTheOther(ConvolutionRows[] rows, GuardedBuffer[] packed, GuardedBuffer source, float* addend)
    {
        float[] data = source.Span.ToArray();
        for (int stage = 0; stage < rows.Length; stage++)
        {
            using GuardedBuffer from = new(data);
            using GuardedBuffer target = new(rows[stage].Geometry.OutputImageLength);
            using GuardedBuffer scratch = new(rows[stage].ScratchLength);
            rows[stage].Run(new RowOperands
            {
                Source = from.Pointer,
                Packed = packed[stage].Pointer,
                Target = target.Pointer,
                Addend = stage == rows.Length - 1 ? addend : null,
                Scratch = scratch.Pointer,
                From = 0,
                To = rows[stage].Geometry.OutputHeight,
                FirstBlock = 0,
                EndBlock = rows[stage].Blocks,
            });
            data = target.Span.ToArray();
        }

        return data;
    }

    /// <summary>Some rows of the result, in memory that has those rows only.</summary>
    private static float[] InStrips(
        RowStrips strips, ConvolutionRows[] rows, GuardedBuffer[] packed, GuardedBuffer source, float* addend, int from, int to)
    {
        ConvolutionGeometry last = rows[^1].Geometry;
        int pitch = last.OutputWidth * last.OutputChannels;
        using GuardedBuffer target = new((to - from) * (long)pitch);
        using GuardedBuffer scratch = new(strips.ScratchLength);
        RowOperands* operands = stackalloc RowOperands[rows.Length];
        for (int stage = 0; stage < rows.Length; stage++)
        {
            operands[stage] = new RowOperands { Packed = packed[stage].Pointer, FirstBlock = 0, EndBlock = rows[stage].Blocks };
        }

        operands[0].Source = source.Pointer;
        operands[rows.Length - 1].Target = target.Pointer - (from * pitch);
        operands[rows.Length - 1].Addend = addend;
        strips.Run(operands, scratch.Pointer, from, to);
        return target.Span.ToArray();
    }
}
