using Sepal.Graphs;
using Sepal.Onnx;
using Xunit;

namespace Sepal.Tests.Onnx;

public sealed class TensorFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

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

            TensorFile.Write(_directory.File("x.pb"), "x", new TensorData([3, 2], type, bytes));
            (string name, TensorData read) = TensorFile.Read(_directory.File("x.pb"));

            Assert.Equal(("x", type, new Shape(3, 2)), (name, read.ElementType, read.Shape));
            Assert.Equal(bytes, read.Bytes.ToArray());
        }

        Assert.Equal([_directory.File("x.pb")], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Refuses_what_is_no_tensor()
    {
        File.WriteAllText(_directory.File("x.pb"), "hello, this is no tensor");

        Assert.StartsWith(_directory.File("x.pb"), Assert.Throws<OnnxException>(() => TensorFile.Read(_directory.File("x.pb"))).Message, StringComparison.Ordinal);
        Assert.Contains("y.pb", Assert.Throws<OnnxException>(() => TensorFile.Read(_directory.File("y.pb"))).Message, StringComparison.Ordinal);
    }
}
