using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Onnx.Files;
using Sepal.Onnx.Protocol;
using Xunit;

namespace Sepal.Tests.Onnx;

public sealed class ExternalDataTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _model;

    public ExternalDataTests()
    {
        _model = Directory.CreateDirectory(_directory.File("model")).FullName;
        Directory.CreateDirectory(Path.Combine(_model, "weights"));
        File.WriteAllBytes(Path.Combine(_model, "weights", "w.bin"), [.. Enumerable.Range(0, 16).Select(index => (byte)index)]);
        File.WriteAllBytes(_directory.File("secret.bin"), new byte[16]);
        Directory.CreateDirectory(_directory.File("model2"));
        File.WriteAllBytes(_directory.File("model2/secret.bin"), new byte[16]);
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("weights/w.bin")]
    [InlineData("./weights/../weights/w.bin")]
    public void A_stretch_is_read_from_a_file_below_the_model(string location)
    {
        TensorData read = Read(Tensor(location, ("offset", "4"), ("length", "8")));

        Assert.Equal([4, 5, 6, 7, 8, 9, 10, 11], read.Bytes.ToArray());
    }

    [Fact]
    public void Offset_and_length_may_be_missing()
    {
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], Read(Tensor("weights/w.bin")).Bytes.ToArray());
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("weights/../../secret.bin")]
    [InlineData("../model2/secret.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\secret.bin")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData(" ")]
    public void A_file_elsewhere_is_not_read(string location)
    {
        OnnxException error = Assert.Throws<OnnxException>(() => Read(Tensor(location)));

        Assert.StartsWith(
            $"The tensor 't' lies in the file '{location}'. Only files in the model's own directory or below are read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absolute_path_into_the_directory_is_refused_too()
    {
        Assert.Throws<OnnxException>(() => Read(Tensor(Path.Combine(_model, "weights", "w.bin"))));
    }

    [Fact]
    public void Links_are_judged_by_where_they_lead()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making links needs rights on Windows.");
        File.CreateSymbolicLink(Path.Combine(_model, "inside.bin"), "weights/w.bin");
        File.CreateSymbolicLink(Path.Combine(_model, "outside.bin"), "../secret.bin");
        File.CreateSymbolicLink(Path.Combine(_model, "twice.bin"), "outside.bin");
        Directory.CreateSymbolicLink(Path.Combine(_model, "up"), "..");
        File.CreateSymbolicLink(Path.Combine(_model, "around.bin"), "up/model/weights/w.bin");
        File.CreateSymbolicLink(Path.Combine(_model, "circle.bin"), "circle.bin");

        Assert.Equal(8, Read(Tensor("inside.bin")).Bytes.Length);
        Assert.Equal(8, Read(Tensor("around.bin")).Bytes.Length);
        Assert.Throws<OnnxException>(() => Read(Tensor("outside.bin")));
        Assert.Throws<OnnxException>(() => Read(Tensor("twice.bin")));
        Assert.Throws<OnnxException>(() => Read(Tensor("up/secret.bin")));
        Assert.Throws<OnnxException>(() => Read(Tensor("circle.bin")));
    }

    [Fact]
    public void The_model_itself_may_be_reached_through_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making links needs rights on Windows.");
        string link = _directory.File("link");
        Directory.CreateSymbolicLink(link, _model);

        Assert.Equal(8, OnnxTensor.Read(Tensor("weights/w.bin"), new DirectoryExternalData(link)).Bytes.Length);
    }

    [Theory]
    [InlineData("12", null, "takes 8 bytes from byte 12 of 'weights/w.bin', which has only 16")]
    [InlineData("9223372036854775807", null, "takes 8 bytes from byte 9223372036854775807")]
    [InlineData("-4", null, "at the offset '-4'. Expected a number of at least 0.")]
    [InlineData("four", null, "at the offset 'four'")]
    [InlineData(null, "4", "which take 8 bytes, but 4 are there")]
    [InlineData(null, "9223372036854775807", "which take 8 bytes, but 9223372036854775807 are there")]
    public void Offset_and_length_are_checked(string? offset, string? length, string message)
    {
        TensorProto tensor = Tensor("weights/w.bin", ("offset", offset), ("length", length));

        Assert.Contains(message, Assert.Throws<OnnxException>(() => Read(tensor)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        Assert.Contains("'none.bin', which is not there", Assert.Throws<OnnxException>(() => Read(Tensor("none.bin"))).Message, StringComparison.Ordinal);
        Assert.Throws<OnnxException>(() => Read(Tensor("weights")));
        Assert.Throws<OnnxException>(() => Read(Tensor("a\0b")));
    }

    [Fact]
    public void A_model_from_a_stream_has_no_files_beside_it()
    {
        OnnxException error = Assert.Throws<OnnxException>(() => OnnxTensor.Read(Tensor("weights/w.bin"), NoExternalData.Instance));

        Assert.EndsWith("Read the model by its path.", error.Message, StringComparison.Ordinal);
    }

    private TensorData Read(TensorProto tensor) => OnnxTensor.Read(tensor, new DirectoryExternalData(_model));

    private static TensorProto Tensor(string location, params ReadOnlySpan<(string Key, string? Value)> entries)
    {
        var tensor = new TensorProto
        {
            Name = "t",
            DataType = (int)TensorProto.Types.DataType.Float,
            DataLocation = TensorProto.Types.DataLocation.External,
        };
        tensor.Dims.Add(2);
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        foreach ((string key, string? value) in entries)
        {
            if (value is not null)
            {
                tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
            }
        }

        return tensor;
    }
}
