using System.Buffers.Binary;
using System.Text;
using Sepal.Training.Checkpoints;
using Xunit;

namespace Sepal.Tests.Training.Checkpoints;

public class SafeTensorsFileTests
{
    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        using var stream = new MemoryStream();
        SafeTensorsFile.Write(stream, [new("a", [2, 1], null, 0, [1, 2]), new SafeTensor("b", [0.5f])]);
        byte[] bytes = stream.ToArray();
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(
            """{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""",
            Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal([1, 2, 0.5f], Enumerable.Range(0, 3).Select(index => BitConverter.ToSingle(bytes, 8 + length + (index * 4))));
    }

    [Fact]
    public void Tensors_come_back_by_name_in_any_order()
    {
        using var stream = new MemoryStream();
        float[] large = [.. Enumerable.Range(0, 600_000).Select(index => (float)index)];
        SafeTensorsFile.Write(stream, [new SafeTensor("empty", []), new SafeTensor("large", large), new SafeTensor("nan", [float.NaN, -0f])]);
        stream.Position = 0;
        var first = new float[2];
        var second = new float[large.Length];
        SafeTensorsFile.Read(stream, shapes =>
        {
            Assert.Equal(["empty", "large", "nan"], shapes.Keys.Order(StringComparer.Ordinal));
            return [new SafeTensor("nan", first), new SafeTensor("large", second), new SafeTensor("empty", [])];
        });
        Assert.Equal([float.NaN, -0f], first);
        Assert.True(float.IsNegative(first[1]));
        Assert.Equal(large, second);
    }

    [Theory]
    [InlineData("", 0, "cannot be understood")]
    [InlineData("[]", 0, "cannot be understood")]
    [InlineData("""{"a":1}""", 0, "cannot be understood")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "no data_offsets")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", 4, "type F16")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "said to lie")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "said to lie")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[4,0]}}""", 4, "said to lie")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", 4, "said to lie")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}""", 4, "cannot be understood")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "said to lie")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "gaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "follow the header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "two tensors")]
    public void A_bad_header_is_refused(string header, int dataBytes, string expected)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)text.Length);
        text.CopyTo(bytes, 8);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Read(bytes));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1ul << 40)]
    [InlineData(9ul)]
    public void A_header_longer_than_the_file_is_refused_before_memory_is_taken(ulong length)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        Assert.Contains("header is said to take", Assert.Throws<InvalidDataException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_shorter_than_its_first_number_is_refused() =>
        Assert.Contains("shorter", Assert.Throws<InvalidDataException>(() => Read(new byte[7])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_tensor_that_is_missing_or_of_another_shape_is_named()
    {
        using var stream = new MemoryStream();
        SafeTensorsFile.Write(stream, [new SafeTensor("a", [1])]);
        Refused("no tensor 'b'", new SafeTensor("b", [0]));
        Refused("'a' has the shape (1), expected (2)", new SafeTensor("a", [0, 0]));

        void Refused(string expected, SafeTensor tensor)
        {
            stream.Position = 0;
            InvalidDataException error = Assert.Throws<InvalidDataException>(() => SafeTensorsFile.Read(stream, _ => [tensor]));
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
    }

    private static void Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        SafeTensorsFile.Read(stream, _ => []);
    }
}
