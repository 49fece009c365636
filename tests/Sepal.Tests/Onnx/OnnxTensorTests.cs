using Google.Protobuf;
using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Onnx.Files;
using Sepal.Onnx.Protocol;
using Xunit;
using DataType = Sepal.Onnx.Protocol.TensorProto.Types.DataType;

namespace Sepal.Tests.Onnx;

public sealed class OnnxTensorTests
{
    public static TheoryData<ElementType> Types => new(Enum.GetValues<ElementType>());

    [Theory]
    [MemberData(nameof(Types))]
    public void A_tensor_of_any_type_comes_back_from_raw_bytes(ElementType type)
    {
        byte[] bytes = [.. Enumerable.Range(0, 6 * type.ByteSize()).Select(index => (byte)(type == ElementType.Boolean ? index % 2 : index * 37))];

        TensorData read = Read(OnnxTensor.Write("t", new TensorData([2, 3], type, bytes)));

        Assert.Equal(type, read.ElementType);
        Assert.Equal(new Shape(2, 3), read.Shape);
        Assert.Equal(bytes, read.Bytes.ToArray());
    }

    [Fact]
    public void A_scalar_and_a_tensor_without_elements_come_back()
    {
        Assert.Equal(7, Read(OnnxTensor.Write("t", TensorData.Of<int>([], ElementType.Int32, [7]))).Elements<int>()[0]);
        Assert.Equal(0, Read(OnnxTensor.Write("t", TensorData.Of<float>([2, 0], ElementType.Float32, []))).Length);
        Assert.Equal(0, Read(Typed(DataType.Float, 0)).Length);
    }

    [Fact]
    public void Elements_are_read_from_the_field_of_their_type()
    {
        TensorProto floats = Typed(DataType.Float, 2);
        floats.FloatData.Add([1.5f, -2]);
        Assert.Equal([1.5f, -2], Read(floats).Elements<float>().ToArray());

        TensorProto doubles = Typed(DataType.Double, 2);
        doubles.DoubleData.Add([1.5, -2]);
        Assert.Equal([1.5, -2], Read(doubles).Elements<double>().ToArray());

        TensorProto longs = Typed(DataType.Int64, 2);
        longs.Int64Data.Add([long.MinValue, 3]);
        Assert.Equal([long.MinValue, 3], Read(longs).Elements<long>().ToArray());

        TensorProto unsignedLongs = Typed(DataType.Uint64, 1);
        unsignedLongs.Uint64Data.Add(ulong.MaxValue);
        Assert.Equal([ulong.MaxValue], Read(unsignedLongs).Elements<ulong>().ToArray());

        TensorProto unsignedIntegers = Typed(DataType.Uint32, 1);
        unsignedIntegers.Uint64Data.Add(uint.MaxValue);
        Assert.Equal([uint.MaxValue], Read(unsignedIntegers).Elements<uint>().ToArray());
    }

    [Theory]
    [InlineData(nameof(DataType.Int32), -5, "FBFFFFFF")]
    [InlineData(nameof(DataType.Int16), -5, "FBFF")]
    [InlineData(nameof(DataType.Uint16), 65535, "FFFF")]
    [InlineData(nameof(DataType.Int8), -5, "FB")]
    [InlineData(nameof(DataType.Uint8), 200, "C8")]
    [InlineData(nameof(DataType.Bool), 5, "01")]
    [InlineData(nameof(DataType.Float16), 0x3C00, "003C")]
    [InlineData(nameof(DataType.Bfloat16), 0x3F80, "803F")]
    public void Narrow_types_share_the_field_of_32_bit_integers(string type, int element, string bytes)
    {
        TensorProto tensor = Typed(Enum.Parse<DataType>(type), 1);
        tensor.Int32Data.Add(element);

        Assert.Equal(bytes, Convert.ToHexString(Read(tensor).Bytes.Span));
    }

    [Fact]
    public void Conditions_become_zero_and_one()
    {
        TensorProto tensor = Typed(DataType.Bool, 3);
        tensor.RawData = ByteString.CopyFrom(0, 1, 200);

        Assert.Equal([0, 1, 1], Read(tensor).Bytes.ToArray());
    }

    [Fact]
    public void Too_few_or_too_many_elements_are_refused()
    {
        TensorProto typed = Typed(DataType.Float, 3);
        typed.FloatData.Add(1);
        Assert.Equal(
            "The tensor 't' has the dimensions [3], which take 3 elements, but 1 are there. The file is damaged or truncated; fetch or export it again.",
            Assert.Throws<OnnxException>(() => Read(typed)).Message);

        TensorProto raw = Typed(DataType.Int16, 3);
        raw.RawData = ByteString.CopyFrom(new byte[8]);
        Assert.StartsWith("The tensor 't' has the dimensions [3], which take 6 bytes, but 8 are there.", Assert.Throws<OnnxException>(() => Read(raw)).Message);
    }

    [Theory]
    [InlineData(1L << 40)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    [InlineData(1L << 31, 1L << 31, 1L << 31)]
    [InlineData(1L << 30, 1L << 30, 1L << 30, 1L << 30)]
    [InlineData(0L, long.MinValue)]
    [InlineData(0L, 1L << 60)]
    public void Absurd_dimensions_are_refused_before_memory_is_taken(params long[] dimensions)
    {
        foreach (DataType type in (DataType[])[DataType.Float, DataType.Bool, DataType.Double])
        {
            TensorProto tensor = Typed(type, dimensions);
            Assert.Throws<OnnxException>(() => OnnxTensor.ByteCount(tensor));
            Assert.Throws<OnnxException>(() => Read(tensor));
        }
    }

    [Theory]
    [InlineData((int)DataType.String, "The tensor 't' has the element type string.")]
    [InlineData((int)DataType.Complex64, "The tensor 't' has the element type complex64.")]
    [InlineData((int)DataType.Int4, "The tensor 't' has the element type int4.")]
    [InlineData(99, "The tensor 't' has the element type number 99.")]
    [InlineData(0, "The tensor 't' has no element type.")]
    public void Types_that_are_not_stored_are_named(int type, string message)
    {
        SepalException error = Assert.Throws<OnnxException>(() => Read(new TensorProto { Name = "t", DataType = type }));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Segments_are_refused()
    {
        TensorProto tensor = Typed(DataType.Float, 1);
        tensor.FloatData.Add(1);
        tensor.Segment = new TensorProto.Types.Segment { Begin = 0, End = 1 };

        Assert.Contains("segments", Assert.Throws<OnnxException>(() => Read(tensor)).Message, StringComparison.Ordinal);
    }

    private static TensorProto Typed(DataType type, params ReadOnlySpan<long> dimensions)
    {
        var tensor = new TensorProto { Name = "t", DataType = (int)type };
        tensor.Dims.AddRange(dimensions.ToArray());
        return tensor;
    }

    private static TensorData Read(TensorProto tensor) => OnnxTensor.Read(tensor, NoExternalData.Instance);
}
