using System.Text;
using Sepal.Data;
using Sepal.Graphs;
using Xunit;

namespace Sepal.Tests.Data;

public sealed class NpyFileTests
{
    [Fact]
    public void Writes_what_numpy_writes()
    {
        byte[] bytes = Written(TensorData.Of<float>([2, 3], ElementType.Float32, [1, 2, 3, 4, 5, 6]));

        // numpy.save("x.npy", numpy.arange(1, 7, dtype=numpy.float32).reshape(2, 3)), byte for byte.
        string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".PadRight(117) + "\n";
        Assert.Equal([0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header)], bytes[..128]);
        Assert.Equal("0000803F000000400000404000008040" + "0000A0400000C040", Convert.ToHexString(bytes[128..]));
    }

    [Theory]
    [InlineData("()", 0)]
    [InlineData("(5,)", 1)]
    [InlineData("(5, 1)", 2)]
    public void Writes_shapes_as_python_does(string expected, int rank)
    {
        Shape shape = [.. new Dimension[] { 5, 1 }.Take(rank)];
        byte[] bytes = Written(new TensorData(shape, ElementType.UInt8, new byte[shape.ElementCount.Value]));

        Assert.Contains($"'shape': {expected}, }}", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_element_type_comes_back_as_it_went_in()
    {
        foreach (ElementType type in Enum.GetValues<ElementType>())
        {
            var bytes = new byte[6 * type.ByteSize()];
            for (int index = 0; index < bytes.Length; index++)
            {
                bytes[index] = (byte)(type == ElementType.Boolean ? index % 2 : 17 * (index + 1));
            }

            TensorData read = NpyFile.Read(Written(new TensorData([3, 2], type, bytes)), "x.npy");

            Assert.Equal((type, new Shape(3, 2)), (read.ElementType, read.Shape));
            Assert.Equal(bytes, read.Bytes.ToArray());
        }
    }

    [Fact]
    public void Empty_tensors_and_scalars_come_back()
    {
        TensorData empty = NpyFile.Read(Written(new TensorData([0, 7], ElementType.Int32, default)), "x.npy");
        TensorData scalar = NpyFile.Read(Written(TensorData.Of<double>(Shape.Scalar, ElementType.Float64, [2.5])), "x.npy");

        Assert.Equal((new Shape(0, 7), 0), (empty.Shape, empty.Length));
        Assert.Equal((Shape.Scalar, 2.5), (scalar.Shape, scalar.Elements<double>()[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Reads_every_version_of_the_format(byte version)
    {
        TensorData read = Read("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", [1, 2, 3], version);

        Assert.Equal([1, 2, 3], read.Bytes.ToArray());
    }

    [Fact]
    public void Reads_both_byte_orders()
    {
        const string Header = "{'descr': '#', 'fortran_order': False, 'shape': (2,), }";

        TensorData little = Read(Header.Replace("#", "<i4", StringComparison.Ordinal), [1, 0, 0, 0, 0, 1, 0, 0]);
        TensorData big = Read(Header.Replace("#", ">i4", StringComparison.Ordinal), [0, 0, 0, 1, 0, 0, 1, 0]);

        Assert.Equal([1, 256], little.Elements<int>().ToArray());
        Assert.Equal([1, 256], big.Elements<int>().ToArray());
    }

    [Fact]
    public void Reads_fortran_order()
    {
        // numpy.asfortranarray(numpy.arange(24, dtype=numpy.uint8).reshape(2, 3, 4)).
        byte[] elements = [0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23];

        TensorData read = Read("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 4), }", elements);

        Assert.Equal(Enumerable.Range(0, 24).Select(number => (byte)number), read.Bytes.ToArray());
    }

    [Fact]
    public void Reads_headers_of_other_writers()
    {
        TensorData read = Read("{\"shape\": (2L, 1L), \"fortran_order\": False, \"descr\": \"|b1\"}   ", [0, 5]);

        Assert.Equal([0, 1], read.Bytes.ToArray());
        Assert.Equal([2, 1], read.Shape);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "the file is cut off: its header declares 8 bytes (<f4 (2)), but 4 follow")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", "there are more bytes after the 2 that its header declares")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }", "its elements are of the type '<c8'. Expected floats of 2 to 8 bytes")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", "its elements are of the type '|O'")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", "its header cannot be understood")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "its header cannot be understood")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", "its header cannot be understood")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "its header cannot be understood")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, }", "its header cannot be understood")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "its header cannot be understood")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } + 1", "its header cannot be understood")]
    [InlineData("{'descr': '<f4", "its header cannot be understood")]
    [InlineData("__import__('os').system('x')", "its header cannot be understood")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776,), }", "which takes more than 1,073,741,824 bytes. The header is damaged, or raise the limit")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1048576, 1048576, 1048576, 1048576), }", "which takes more than 1,073,741,824 bytes")]
    public void Refuses_hostile_headers(string header, string message)
    {
        string received = Refuses(() => Read(header, [1, 2, 3, 4]));

        Assert.StartsWith("x.npy: ", received, StringComparison.Ordinal);
        Assert.Contains(message, received, StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_elements_of_an_absurd_shape_take_no_memory() =>
        Assert.Equal(0, Read("{'descr': '<f4', 'fortran_order': True, 'shape': (0, 1073741824, 1073741824), }", []).Length);

    [Fact]
    public void Refuses_too_many_dimensions() => Assert.Contains(
        "its header declares 65 dimensions. Expected at most 64.",
        Refuses(() => Read($"{{'descr': '|u1', 'fortran_order': False, 'shape': ({string.Join(", ", Enumerable.Repeat(1, 65))}), }}", [1])),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("504B0304", "it begins with 504B0304, as a zip archive does. Expected a NumPy file (.npy), as numpy.save writes it. Unpack the archive")]
    [InlineData("934E554D5059", "it begins with 934E554D")]
    [InlineData("934E554D50590900", "it has the format version 9.0. Expected 1.0, 2.0 or 3.0.")]
    [InlineData("934E554D5059010076", "the file ends within its header")]
    [InlineData("934E554D50590200FFFFFFFF", "its header is 4,294,967,295 bytes long. Expected at most 65,536.")]
    [InlineData("934E554D50590100760041", "the file ends within its header")]
    public void Refuses_other_files(string hexadecimal, string message) => Assert.StartsWith(
        $"x.npy: {message}", Refuses(() => NpyFile.Read(Convert.FromHexString(hexadecimal), "x.npy")), StringComparison.Ordinal);

    [Fact]
    public void Whatever_is_done_to_a_file_gives_a_tensor_or_a_data_exception()
    {
        byte[] whole = Written(TensorData.Of<float>([2, 3], ElementType.Float32, [1, 2, 3, 4, 5, 6]));
        for (int position = 0; position < whole.Length * 8; position++)
        {
            byte[] bytes = [.. whole];
            bytes[position / 8] ^= (byte)(1 << (position % 8));
            ReadOrRefuse(bytes);
        }

        for (int length = 0; length < whole.Length; length++)
        {
            Assert.StartsWith("f: ", Refuses(() => NpyFile.Read(whole.AsMemory(0, length), "f")), StringComparison.Ordinal);
        }

        static void ReadOrRefuse(byte[] bytes)
        {
            try
            {
                TensorData tensor = NpyFile.Read(bytes, "f", maximumBytes: 1 << 20);
                Assert.Equal(tensor.Shape.ElementCount.Value, tensor.Length);
            }
            catch (DataException error)
            {
                Assert.StartsWith("f: ", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Writes_files_whole_or_not_at_all()
    {
        using var directory = new TemporaryDirectory();
        TensorData tensor = TensorData.OfInt64(1, 2, 3);
        NpyFile.Write(directory.File("x.npy"), tensor);
        NpyFile.Write(directory.File("x.npy"), tensor);

        Assert.Equal([1, 2, 3], NpyFile.Read(directory.File("x.npy")).Elements<long>().ToArray());
        Assert.Equal([directory.File("x.npy")], Directory.GetFiles(directory.Path));
        Assert.Contains("the file cannot be written", Refuses(() => Save(directory.File("none/x.npy"))), StringComparison.Ordinal);
        Assert.Contains("there is no such file. Expected a NumPy file", Refuses(() => NpyFile.Read(directory.File("y.npy"))), StringComparison.Ordinal);

        TensorData Save(string path)
        {
            NpyFile.Write(path, tensor);
            return tensor;
        }
    }

    private static TensorData Read(string header, byte[] elements, byte version = 1)
    {
        byte[] text = Encoding.Latin1.GetBytes(header + "\n");
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes((uint)text.Length);
        return NpyFile.Read((byte[])[0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. elements], "x.npy");
    }

    private static byte[] Written(TensorData tensor)
    {
        using var stream = new MemoryStream();
        NpyFile.Write(stream, tensor);
        return stream.ToArray();
    }

    private static string Refuses(Func<TensorData> action) => Assert.Throws<DataException>(() => action()).Message;
}
