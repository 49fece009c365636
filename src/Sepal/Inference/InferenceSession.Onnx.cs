using Sepal.Onnx.Files;

namespace Sepal.Inference;

/// <content>Opening ONNX files.</content>
public sealed partial class InferenceSession
{
    /// <summary>
    /// Opens an ONNX file. Inputs and outputs have exactly the file's names, shapes, element types and axis order. Weights in
    /// other files are read from its directory or below, and from nowhere else.
    /// </summary>
    /// <param name="path">The file; read again when inner values are asked for.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="Onnx.UnsupportedOperatorException">Some operators are not known; lists all such nodes.</exception>
    /// <exception cref="SepalException">The file cannot be read, is damaged, or asks for more memory than allowed; or an option is out of range.</exception>
    public InferenceSession(string path, SessionOptions? options = null)
        : this(Open(path, options), options)
    {
    }

    /// <summary>Opens an ONNX model in a stream. Its weights must be inside.</summary>
    /// <param name="stream">The file's bytes, read to the end; left open.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="Onnx.UnsupportedOperatorException">Some operators are not known; lists all such nodes.</exception>
    /// <exception cref="SepalException">The model is damaged, or asks for more memory than allowed; or an option is out of range.</exception>
    public InferenceSession(Stream stream, SessionOptions? options = null)
        : this(Open(stream, options), options)
    {
    }

    /// <summary>Opens an ONNX model in memory. Its weights must be inside.</summary>
    /// <param name="bytes">The file's bytes; not copied, and read again when inner values are asked for.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="Onnx.UnsupportedOperatorException">Some operators are not known; lists all such nodes.</exception>
    /// <exception cref="SepalException">The model is damaged, or asks for more memory than allowed; or an option is out of range.</exception>
    public InferenceSession(ReadOnlyMemory<byte> bytes, SessionOptions? options = null)
        : this(new OnnxGraphSource(() => OnnxFile.Read(bytes), NoExternalData.Instance, Limit(options)), options)
    {
    }

    private static OnnxGraphSource Open(string path, SessionOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string whole = Path.GetFullPath(path);
        return new OnnxGraphSource(() => OnnxFile.Read(whole), new DirectoryExternalData(Path.GetDirectoryName(whole)!), Limit(options));
    }

    private static OnnxGraphSource Open(Stream stream, SessionOptions? options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var file = OnnxFile.Read(stream);
        return new OnnxGraphSource(() => file, NoExternalData.Instance, Limit(options));
    }

    private static long Limit(SessionOptions? options) => (options ?? new SessionOptions()).Checked().MemoryLimit;
}
