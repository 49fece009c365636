using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class PoolingTests
{
    public static TheoryData<PoolingFunction> Functions { get; } = [.. Enum.GetValues<PoolingFunction>()];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_the_reference_for_every_channel_count(PoolingFunction function)
    {
        foreach (int channels in TestNumbers.Channels)
        {
            Check(new Pooling(function, 2), [3, 6, 4, channels], channels);
            Check(new Pooling(function, (3, 2)) { Strides = (2, 1), Padding = Padding2D.Same }, [1, 5, 6, channels], channels);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_the_reference_for_every_window(PoolingFunction function)
    {
        foreach (Size2D size in (Size2D[])[1, 2, 3, (1, 3), (5, 2), (6, 7)])
        {
            foreach (Size2D strides in (Size2D[])[1, 2, (3, 1), (1, 4)])
            {
                foreach (Padding2D padding in (Padding2D[])[Padding2D.Valid, Padding2D.Same, Padding2D.Explicit(1, 0, 0, 1), Padding2D.Explicit(0, 1, 2, 0)])
                {
                    if (Fits(padding, size))
                    {
                        Check(new Pooling(function, size) { Strides = strides, Padding = padding }, [2, 7, 9, 5], 1);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_the_reference_over_several_parts(PoolingFunction function)
    {
        Check(new Pooling(function, 3) { Strides = 2, Padding = Padding2D.Same }, [2, 40, 40, 24], 1);
        Check(new Pooling(function, 7), [1, 7, 7, 700], 1);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_the_reference_for_random_shapes(PoolingFunction function)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            int[] shape = [random.Next(1, 4), random.Next(1, 12), random.Next(1, 12), random.Next(1, 40)];
            Size2D size = (random.Next(1, shape[1] + 1), random.Next(1, shape[2] + 1));
            var pooling = new Pooling(function, size)
            {
                Strides = (random.Next(1, 4), random.Next(1, 4)),
                Padding = random.Next(3) switch
                {
                    0 => Padding2D.Valid,
                    1 => Padding2D.Same,
                    _ => Padding2D.Explicit(random.Next(size.Height), random.Next(size.Width), random.Next(size.Height), random.Next(size.Width)),
                },
            };
            Check(pooling, shape, seed);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Pools_whole_images(PoolingFunction function)
    {
        foreach (bool keepDimensions in (bool[])[false, true])
        {
            foreach (int channels in TestNumbers.Channels.Append(300))
            {
                CheckGlobal(new GlobalPooling(function) { KeepDimensions = keepDimensions }, [3, 5, 4, channels]);
            }

            CheckGlobal(new GlobalPooling(function) { KeepDimensions = keepDimensions }, [1, 56, 48, 40]);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_the_reference_for_dilated_windows_rounded_sizes_and_counted_padding(PoolingFunction function)
    {
        int checkedCases = 0;
        for (int seed = 0; seed < 120; seed++)
        {
            var random = new Random(seed);
            int[] shape = [random.Next(1, 4), random.Next(3, 12), random.Next(3, 12), random.Next(1, 20)];
            Size2D size = (random.Next(1, 4), random.Next(1, 4));
            bool countIncludePad = function == PoolingFunction.Average && random.Next(2) == 0;
            int most = countIncludePad ? 4 : Math.Min(size.Height, size.Width);
            var pooling = new Pooling(function, size)
            {
                Strides = (random.Next(1, 5), random.Next(1, 4)),
                DilationRate = (random.Next(1, 4), random.Next(1, 3)),
                Padding = Padding2D.Explicit(random.Next(most), random.Next(most), random.Next(most), random.Next(most)),
                CeilMode = random.Next(2) == 0,
                CountIncludePad = countIncludePad,
            };
            (long tall, long wide) = pooling.Window.Extent;
            bool fits = shape[1] + pooling.Padding.Top + pooling.Padding.Bottom >= tall
                && shape[2] + pooling.Padding.Left + pooling.Padding.Right >= wide;
            if (fits && EveryWindowHasAnElement(pooling, shape))
            {
                Check(pooling, shape, seed);
                checkedCases++;
            }
        }

        Assert.InRange(checkedCases, 30, 120);
    }

    [Theory]
    [InlineData(PoolingIndices.RowMajor, new long[] { 5, 7, 13, 15, 21, 23, 29, 31 })]
    [InlineData(PoolingIndices.ColumnMajor, new long[] { 5, 13, 7, 15, 21, 29, 23, 31 })]
    public void Maximum_says_where_it_was_in_the_planar_tensor(PoolingIndices indices, long[] expected)
    {
        // Two images of 4 by 4 of one channel, counting up: the largest of each window is its last element.
        TensorData input = TensorData.Of<float>(
            [2, 4, 4, 1], ElementType.Float32, [.. Enumerable.Range(0, 32).Select(number => (float)number)]);
        TensorData[] outputs = TypedRun.Of(new Pooling(PoolingFunction.Maximum, 2) { Indices = indices }, input);
        Assert.Equal([5f, 7, 13, 15, 21, 23, 29, 31], outputs[0].Elements<float>().ToArray());
        Assert.Equal(ElementType.Int64, outputs[1].ElementType);
        Assert.Equal(expected, outputs[1].Elements<long>().ToArray());
    }

    [Fact]
    public void Indices_count_channels_and_dilated_padded_windows()
    {
        var pooling = new Pooling(PoolingFunction.Maximum, 2)
        {
            Strides = 1,
            DilationRate = 2,
            Padding = 1,
            Indices = PoolingIndices.RowMajor,
        };
        int[] shape = [2, 5, 6, 3];
        float[] numbers = TestNumbers.Distinct(new Random(1), TestNumbers.Length(shape));
        TensorData[] outputs = TypedRun.Of(pooling, TensorData.Of<float>(TypedRun.Shape(shape), ElementType.Float32, numbers));
        float[] maxima = outputs[0].Elements<float>().ToArray();
        long[] places = outputs[1].Elements<long>().ToArray();
        for (int index = 0; index < maxima.Length; index++)
        {
            (long channelPlane, long pixel) = Math.DivRem(places[index], 5 * 6);
            (long image, long channel) = Math.DivRem(channelPlane, 3);
            Assert.Equal(maxima[index], numbers[(((image * 30) + pixel) * 3) + channel]);
        }
    }

    [Fact]
    public void Maximum_sends_the_gradient_to_the_first_of_equal_elements()
    {
        float[] numbers = [1, 5, 5, 5];
        var harness = new OperatorHarness(new Pooling(PoolingFunction.Maximum, 2), new Operand([1, 2, 2, 1], numbers));
        TrainingRun run = harness.Train([3], new RunOptions());
        Assert.Equal([0, 3, 0, 0], run.Gradients[OperatorHarness.Name(0)]);
    }

    [Fact]
    public void Maximum_of_minus_infinities_is_one_and_of_a_NaN_is_NaN()
    {
        float low = float.NegativeInfinity;
        float[] numbers = [low, low, low, low, 1, float.NaN, 2, 0];
        var harness = new OperatorHarness(new Pooling(PoolingFunction.Maximum, (1, 4)), new Operand([1, 2, 4, 1], numbers));
        Assert.Equal([low, float.NaN], harness.Infer(new RunOptions()));
        TrainingRun run = harness.Train([3, 4], new RunOptions());
        Assert.Equal([low, float.NaN], run.Outputs[0]);
        Assert.Equal(3, run.Gradients[OperatorHarness.Name(0)][0]);
    }

    private static bool Fits(Padding2D padding, Size2D size) =>
        padding.Top < size.Height && padding.Bottom < size.Height && padding.Left < size.Width && padding.Right < size.Width;

    private static void Check(Pooling pooling, int[] shape, int seed)
    {
        float[] numbers = TestNumbers.Distinct(new Random(seed), TestNumbers.Length(shape));
        new OperatorHarness(pooling, new Operand(shape, numbers)) { Terms = pooling.PoolSize.Area }
            .Check(operands => ReferencePooling.Forward(
                pooling.Function, pooling.Window, operands[0], shape, pooling.CountIncludePad));
    }

    /// <summary>With dilation a window can step over the whole image; its mean is nobody's business.</summary>
    private static bool EveryWindowHasAnElement(Pooling pooling, int[] shape)
    {
        double[] ones = [.. Enumerable.Repeat(1.0, TestNumbers.Length(shape))];
        try
        {
            return ReferencePooling.Forward(PoolingFunction.Maximum, pooling.Window, ones, shape).Length > 0;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void CheckGlobal(GlobalPooling pooling, int[] shape)
    {
        float[] numbers = TestNumbers.Distinct(new Random(shape[3]), TestNumbers.Length(shape));
        var window = new Window2D((shape[1], shape[2]), 1, 1, Padding2D.Valid);
        new OperatorHarness(pooling, new Operand(shape, numbers)) { Terms = shape[1] * shape[2] }
            .Check(operands => ReferencePooling.Forward(pooling.Function, window, operands[0], shape));
    }
}
