using Google.Protobuf;
using Sepal.Onnx;
using Sepal.Onnx.Files;
using Sepal.Onnx.Protocol;
using Xunit;

namespace Sepal.Tests.Onnx;

public sealed class OnnxFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_model_comes_back_from_a_file_a_stream_and_memory()
    {
        ModelProto model = Model();
        string path = _directory.File("m.onnx");
        OnnxFile.Write(model, path);
        using var stream = new MemoryStream();
        OnnxFile.Write(model, stream);

        Assert.Equal(model, OnnxFile.Read(path));
        Assert.Equal(model, OnnxFile.Read(stream.ToArray()));
        stream.Position = 0;
        Assert.Equal(model, OnnxFile.Read(stream));
    }

    [Fact]
    public void Writing_replaces_a_file_and_leaves_nothing_else()
    {
        string path = _directory.File("m.onnx");
        File.WriteAllText(path, "old");

        OnnxFile.Write(Model(), path);

        Assert.Equal([path], Directory.GetFiles(_directory.Path));
        Assert.Equal("graph", OnnxFile.Read(path).Graph.Name);
    }

    [Fact]
    public void Where_nothing_can_be_written_the_message_says_so_and_nothing_is_left()
    {
        string taken = Directory.CreateDirectory(_directory.File("m.onnx")).FullName;
        string missing = Path.Combine(_directory.Path, "none", "m.onnx");

        Assert.StartsWith($"The file '{taken}' cannot be written: ", Assert.Throws<OnnxException>(() => OnnxFile.Write(Model(), taken)).Message);
        Assert.StartsWith($"The file '{missing}' cannot be written: ", Assert.Throws<OnnxException>(() => OnnxFile.Write(Model(), missing)).Message);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] bytes = Model().ToByteArray();
        int refused = 0;
        for (int length = 0; length < bytes.Length; length++)
        {
            try
            {
                OnnxFile.Read(bytes.AsMemory(0, length));
            }
            catch (OnnxException)
            {
                refused++;
            }
        }

        // A cut between two fields after the graph leaves a smaller whole model: here there is none, since the graph is last.
        Assert.Equal(bytes.Length, refused);
    }

    [Theory]
    [InlineData("", "The file is empty. Expected an ONNX model.")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "This is not a")]
    [InlineData("\u0089PNG\r\n\u001a\n", "This is not a")]
    public void Foreign_files_are_told_apart(string content, string message)
    {
        string path = _directory.File("m.onnx");
        File.WriteAllBytes(path, [.. content.Select(character => (byte)character)]);

        Assert.StartsWith($"{path}: {message}", Assert.Throws<OnnxException>(() => OnnxFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string path = _directory.File("none.onnx");

        Assert.StartsWith($"The file '{path}' cannot be read: ", Assert.Throws<OnnxException>(() => OnnxFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var graph = new GraphProto();
        for (int depth = 0; depth < 1000; depth++)
        {
            var node = new NodeProto();
            node.Attribute.Add(new AttributeProto { Name = "body", G = graph });
            graph = new GraphProto();
            graph.Node.Add(node);
        }

        byte[] bytes = new ModelProto { Graph = graph }.ToByteArray();

        Assert.StartsWith("This is not a whole ONNX model: ", Assert.Throws<OnnxException>(() => OnnxFile.Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_beyond_the_end_takes_no_memory()
    {
        // Field 7 (graph), then field 5 (initializer), then field 9 (raw data) of almost 2 GiB, of which three bytes are there.
        byte[] bytes = [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x2A, 0xF0, 0xFF, 0xFF, 0xFF, 0x07, 0x4A, 0xE0, 0xFF, 0xFF, 0xFF, 0x07, 1, 2, 3];
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<OnnxException>(() => OnnxFile.Read(bytes));
        Assert.Throws<OnnxException>(() => OnnxFile.Read(new MemoryStream(bytes)));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_single_tensor_is_read()
    {
        var tensor = new TensorProto { Name = "t", DataType = 1 };
        string path = _directory.File("t.pb");
        File.WriteAllBytes(path, tensor.ToByteArray());

        Assert.Equal(tensor, OnnxFile.ReadTensor(path));
    }

    private static ModelProto Model()
    {
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "graph" } };
        model.Graph.Initializer.Add(new TensorProto { Name = "w", DataType = 1, RawData = ByteString.CopyFrom(new byte[64]) });
        return model;
    }
}
