using System.Buffers;
using System.Numerics.Tensors;
using Sepal.Graphs;
using Xunit;

namespace Sepal.Tests.Graphs;

public class TensorDataTests
{
    [Fact]
    public void Tensors_of_every_type_come_back_as_they_went_in()
    {
        RoundTrip(ElementType.Float32, 1.5f, -2f);
        RoundTrip(ElementType.Float64, 1.5, -2);
        RoundTrip(ElementType.Float16, (Half)1.5, (Half)(-2));
        RoundTrip(ElementType.Int64, long.MaxValue, -2L);
        RoundTrip(ElementType.Int32, int.MaxValue, -2);
        RoundTrip(ElementType.Int16, short.MaxValue, (short)-2);
        RoundTrip(ElementType.Int8, sbyte.MaxValue, (sbyte)-2);
        RoundTrip(ElementType.UInt64, ulong.MaxValue, 2UL);
        RoundTrip(ElementType.UInt32, uint.MaxValue, 2U);
        RoundTrip(ElementType.UInt16, ushort.MaxValue, (ushort)2);
        RoundTrip(ElementType.UInt8, byte.MaxValue, (byte)2);
        RoundTrip(ElementType.Boolean, true, false);
    }

    [Fact]
    public void Slices_and_scalars_are_tensors_too()
    {
        Tensor<int> whole = Tensor.Create([1, 2, 3, 4, 5, 6], [2, 3]);

        TensorData column = TensorData.Of(whole.Slice([NRange.All, new NRange(1, 2)]));
        Tensor<float> scalar = TensorData.Of<float>(Shape.Scalar, ElementType.Float32, [3]).ToTensor<float>();

        Assert.Equal([2, 1], column.Shape);
        Assert.Equal([2, 5], column.Elements<int>().ToArray());
        Assert.Equal([1], scalar.Lengths.ToArray());
        Assert.Equal(3, scalar[0]);
    }

    [Fact]
    public void The_bits_of_bfloat16_are_16_bit_integers()
    {
        TensorData tensor = TensorData.Of<ushort>([1], ElementType.BFloat16, [0x3F80]);

        Assert.Equal(0x3F80, tensor.ToTensor<ushort>()[0]);
    }

    [Fact]
    public void Refuses_other_types()
    {
        Assert.Equal(
            "The tensor (2) holds elements of the type Int64, which the .NET type Single does not hold.",
            Assert.Throws<SepalException>(() => TensorData.OfInt64(1, 2).ToTensor<float>()).Message);
        Assert.StartsWith(
            "Tensors do not hold elements of the .NET type DateTime.",
            Assert.Throws<SepalException>(() => TensorData.Of(Tensor.Create(new DateTime[1], [1]))).Message,
            StringComparison.Ordinal);
    }

    private static void RoundTrip<T>(ElementType type, params T[] elements)
        where T : unmanaged
    {
        TensorData data = TensorData.Of(Tensor.Create(elements, [1, elements.Length]));
        Tensor<T> tensor = data.ToTensor<T>();

        Assert.Equal((type, new Shape(1, elements.Length)), (data.ElementType, data.Shape));
        Assert.Equal(elements, data.Elements<T>().ToArray());
        Assert.Equal([1, elements.Length], tensor.Lengths.ToArray());
        Assert.Equal(elements, tensor.ToArray());
    }
}
