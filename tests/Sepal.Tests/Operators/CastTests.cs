using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class CastTests
{
    public static TheoryData<ElementType, ElementType> Pairs { get; } =
    [
        .. from source in Enum.GetValues<ElementType>()
           from target in Enum.GetValues<ElementType>()
           select (source, target),
    ];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Small_numbers_survive_in_every_type(ElementType from, ElementType to)
    {
        // 300 elements: more than one stretch, and not a whole number of them.
        float[] numbers = [.. Enumerable.Range(0, 300).Select(index => (float)(index % 7 % (from == ElementType.Boolean ? 2 : 7)))];
        float[] expected = to == ElementType.Boolean ? Array.ConvertAll(numbers, number => number == 0 ? 0f : 1) : numbers;
        TensorData source = TypedRun.Of(new Cast(from), TensorData.Of<float>([numbers.Length], ElementType.Float32, numbers))[0];
        TensorData target = TypedRun.Of(new Cast(to), source)[0];
        Assert.Equal(to, target.ElementType);
        Assert.Equal(numbers.Length * to.ByteSize(), target.Bytes.Length);
        Assert.Equal(expected, TypedRun.Of(new Cast(ElementType.Float32), target)[0].Elements<float>().ToArray());
    }

    [Fact]
    public void Floats_to_integers_lose_the_fraction_saturate_at_64_bits_and_wrap_below()
    {
        float[] numbers = [1.9f, -1.9f, 0.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e30f, 300, -1];
        Assert.Equal([1, -1, 0, 0, long.MaxValue, long.MinValue, long.MaxValue, 300, -1], Cast<float, long>(numbers));
        Assert.Equal([1, unchecked((ulong)-1), 0, 0, ulong.MaxValue, 1ul << 63, ulong.MaxValue, 300, ulong.MaxValue], Cast<float, ulong>(numbers));
        Assert.Equal([1, -1, 0, 0, -1, 0, -1, 300, -1], Cast<float, int>(numbers));
        Assert.Equal([1, 255, 0, 0, 255, 0, 255, 44, 255], Cast<float, byte>(numbers));
    }

    [Fact]
    public void Integers_that_do_not_fit_wrap()
    {
        Assert.Equal([-1, 0, 127, -128], Cast<long, sbyte>([-1, 256, 127, 128]));
        Assert.Equal([255, 0, 127, 128], Cast<long, byte>([-1, 256, 127, 128]));
        Assert.Equal([-1, int.MaxValue], Cast<ulong, int>([ulong.MaxValue, int.MaxValue]));
        Assert.Equal([1.8446744073709552e19f, 9.223372e18f], Cast<ulong, float>([ulong.MaxValue, 1ul << 63]));
        Assert.Equal([-1f, 16777216], Cast<long, float>([-1, 16777217]));
    }

    [Fact]
    public void Rounds_to_half_precision_to_the_nearest_even()
    {
        float[] numbers = [1 + (1 / 2048f), 1 + (3 / 2048f), 65520, 1e-8f, -0f];
        Half[] expected = [(Half)1, (Half)(1 + (2 / 1024f)), Half.PositiveInfinity, (Half)0, Half.NegativeZero];
        Assert.Equal(expected, Cast<float, Half>(numbers));
    }

    [Fact]
    public void Rounds_to_bfloat16_to_the_nearest_even_and_keeps_NaN()
    {
        TensorData input = TensorData.Of<float>(
            [6], ElementType.Float32, [1 + (1 / 256f), 1 + (3 / 256f), float.NaN, float.PositiveInfinity, float.MaxValue, -2]);
        TensorData output = TypedRun.Of(new Cast(ElementType.BFloat16), input)[0];
        Assert.Equal<ushort>([0x3F80, 0x3F82, 0xFFC0, 0x7F80, 0x7F80, 0xC000], output.Elements<ushort>());
    }

    [Fact]
    public void Everything_but_zero_is_true_and_true_is_one()
    {
        float[] numbers = [0, -0f, 0.1f, float.NaN, -3];
        TensorData input = TensorData.Of<float>([5], ElementType.Float32, numbers);
        Assert.Equal<byte>([0, 0, 1, 1, 1], TypedRun.Of(new Cast(ElementType.Boolean), input)[0].Elements<byte>());

        // A file may hold any byte.
        TensorData booleans = TensorData.Of<byte>([3], ElementType.Boolean, [0, 1, 200]);
        Assert.Equal<int>([0, 1, 1], TypedRun.Of(new Cast(ElementType.Int32), booleans)[0].Elements<int>());
    }

    [Fact]
    public void Nothing_is_done_where_the_type_stays()
    {
        Operand operand = TestNumbers.Operand(new Random(1), [3, 4, 5]);
        new OperatorHarness(new Cast(ElementType.Float32), operand).Check(operands => operands[0]);
        var builder = new GraphBuilder();
        Value input = builder.Input("input", new TensorSpec([2, 3], ElementType.Int8));
        Node node = builder.Add("cast", new Cast(ElementType.Int8), [input]);
        Assert.Empty(GraphHarness.InferenceSteps(builder.Build(node.Output), batch: 1));
    }

    [Fact]
    public void A_cast_to_integers_has_no_gradient()
    {
        var harness = new OperatorHarness(new Cast(ElementType.Int32), TestNumbers.Operand(new Random(1), [3, 4]));
        SepalException error = Assert.Throws<SepalException>(() => harness.Train(new float[12], new RunOptions()));
        Assert.StartsWith("Node 'operator': a cast from Float32 to Int32 has no gradient", error.Message, StringComparison.Ordinal);
    }

    private static TTo[] Cast<TFrom, TTo>(ReadOnlySpan<TFrom> numbers)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        TensorData input = TensorData.Of([numbers.Length], TypeOf<TFrom>(), numbers);
        return TypedRun.Of(new Cast(TypeOf<TTo>()), input)[0].Elements<TTo>().ToArray();
    }

    private static ElementType TypeOf<T>() => default(T) switch
    {
        float => ElementType.Float32,
        Half => ElementType.Float16,
        long => ElementType.Int64,
        ulong => ElementType.UInt64,
        int => ElementType.Int32,
        sbyte => ElementType.Int8,
        byte => ElementType.UInt8,
        _ => throw new ArgumentException($"{typeof(T)} is not listed here."),
    };
}
