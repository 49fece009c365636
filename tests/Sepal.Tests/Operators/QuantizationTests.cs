using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class QuantizationTests
{
    [Fact]
    public void Rounds_halves_to_even_and_cuts_off_at_the_ends()
    {
        TensorData data = ElementHarness.Tensor([1, 8], 0f, 1, 3, -1, -3, 1000, -1000, 7.2f);
        TensorData scale = ElementHarness.Tensor([1], 2f);
        ElementHarness.AssertGives<sbyte>([0, 0, 2, 0, -2, 127, -128, 4], new QuantizeLinear(ElementType.Int8), data, scale);
        ElementHarness.AssertGives<byte>(
            [128, 128, 130, 128, 126, 255, 0, 132], new QuantizeLinear(ElementType.UInt8), data, scale, ElementHarness.Tensor<byte>([1], 128));
    }

    [Fact]
    public void Takes_a_scale_for_each_index_along_an_axis()
    {
        TensorData data = ElementHarness.Tensor([2, 2, 2], 2f, 4, 2, 4, 6, 8, 6, 8);
        TensorData scale = ElementHarness.Tensor([2], 1f, 2);
        TensorData zero = ElementHarness.Tensor<sbyte>([2], 10, -10);
        ElementHarness.AssertGives<sbyte>([12, 14, -9, -8, 16, 18, -7, -6], new QuantizeLinear(ElementType.Int8, 1), data, scale, zero);
        ElementHarness.AssertGives<sbyte>([12, -8, 12, -8, 16, -6, 16, -6], new QuantizeLinear(ElementType.Int8, -1), data, scale, zero);
        ElementHarness.AssertGives<sbyte>([12, 14, 12, 14, -7, -6, -7, -6], new QuantizeLinear(ElementType.Int8, 0), data, scale, zero);
    }

    [Fact]
    public void Gives_back_what_integers_stand_for()
    {
        TensorData scale = ElementHarness.Tensor([2], 0.5f, 2);
        ElementHarness.AssertGives(
            [-59f, 2, 68.5f, -254], new DequantizeLinear(1), ElementHarness.Tensor<sbyte>([2, 2], -128, 1, 127, -127), scale, ElementHarness.Tensor<sbyte>([2], -10, 0));
        ElementHarness.AssertGives(
            [127.5f, 0], new DequantizeLinear(), ElementHarness.Tensor<byte>([1, 2], 255, 0), ElementHarness.Tensor([1], 0.5f));
        ElementHarness.AssertGives(
            [-500_000f, 3], new DequantizeLinear(), ElementHarness.Tensor<int>([1, 2], -1_000_000, 6), ElementHarness.Tensor([1], 0.5f));
    }

    [Fact]
    public void Survives_many_elements_and_several_parts()
    {
        var random = new Random(1);
        float[] numbers = TestNumbers.Uniform(random, 3 * 5 * 4000, -300, 300);
        float[] scales = [0.5f, 1, 2, 3, 4];
        sbyte[] expected = [.. numbers.Select((number, index) =>
            (sbyte)Math.Clamp(MathF.Round(number / scales[index / 4000 % 5]), -128, 127))];
        ElementHarness.AssertGives(
            expected, new QuantizeLinear(ElementType.Int8, 1), ElementHarness.Tensor([3, 5, 4000], numbers), ElementHarness.Tensor([5], scales));
    }
}
