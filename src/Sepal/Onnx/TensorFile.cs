using Google.Protobuf;
using Sepal.Graphs;
using Sepal.Onnx.Files;

namespace Sepal.Onnx;

/// <summary>Single tensors in ONNX's own format (<c>TensorProto</c>, <c>.pb</c>), as the ONNX test data have them.</summary>
public static class TensorFile
{
    /// <summary>Reads a tensor from a file. Tensors whose elements lie in a file of their own are refused.</summary>
    /// <param name="path">Where it is.</param>
    /// <returns>The tensor, and its name; empty where it has none.</returns>
    /// <exception cref="OnnxException">The file cannot be read, is truncated, or is no tensor.</exception>
    public static (string Name, TensorData Tensor) Read(string path)
    {
        Protocol.TensorProto proto = OnnxFile.ReadTensor(path);
        try
        {
            return (proto.Name, OnnxTensor.Read(proto, NoExternalData.Instance));
        }
        catch (OnnxException exception)
        {
            throw new OnnxException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a tensor to a file: whole under another name, then renamed.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="name">The tensor's name in the file.</param>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="OnnxException">The file cannot be written.</exception>
    public static void Write(string path, string name, TensorData tensor)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tensor);
        OnnxFile.WriteWhole(path, stream => OnnxTensor.Write(name, tensor).WriteTo(stream));
    }
}
