using Sepal.Onnx.Files;
using Sepal.Onnx.Import;
using Sepal.Onnx.Metadata;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx;

/// <summary>Reads ONNX files as models that can be counted, run and trained further.</summary>
public static class OnnxModel
{
    /// <summary>Reads a model from a file. Weights in other files are read from its directory or below, and from nowhere else.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it.</param>
    /// <returns>
    /// The model. Its images are NHWC (batch, height, width, channels) where the file has NCHW, at its inputs and outputs too;
    /// use an <c>InferenceSession</c> to keep to the file's order. A file that Sepal wrote gives the very model that was
    /// written, which trains on as if it had never been.
    /// </returns>
    /// <exception cref="UnsupportedOperatorException">Some operators are not known; lists all such nodes.</exception>
    /// <exception cref="SepalException">The file cannot be read, is damaged, or asks for more memory than allowed.</exception>
    public static Model Import(string path, ImportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Import(OnnxFile.Read(path), new DirectoryExternalData(directory), options);
    }

    /// <summary>Reads a model from a stream. Its weights must be inside.</summary>
    /// <param name="stream">The file's bytes, to the end.</param>
    /// <param name="options">How to read it.</param>
    /// <returns>The model, see <see cref="Import(string, ImportOptions?)"/>.</returns>
    /// <exception cref="UnsupportedOperatorException">Some operators are not known; lists all such nodes.</exception>
    /// <exception cref="SepalException">The file is damaged, or asks for more memory than allowed.</exception>
    public static Model Import(Stream stream, ImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Import(OnnxFile.Read(stream), NoExternalData.Instance, options);
    }

    /// <summary>Reads a model from memory. Its weights must be inside.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="options">How to read it.</param>
    /// <returns>The model, see <see cref="Import(string, ImportOptions?)"/>.</returns>
    /// <exception cref="UnsupportedOperatorException">Some operators are not known; lists all such nodes.</exception>
    /// <exception cref="SepalException">The file is damaged, or asks for more memory than allowed.</exception>
    public static Model Import(ReadOnlyMemory<byte> bytes, ImportOptions? options = null) =>
        Import(OnnxFile.Read(bytes), NoExternalData.Instance, options);

    private static Model Import(ModelProto file, IExternalData external, ImportOptions? options)
    {
        options ??= new ImportOptions();
        if (MetadataEntries.ReadGraph(file) is { } description)
        {
            return new Model(GraphRestoration.Restore(description, file, external, new MemoryBudget(options.MemoryLimit)));
        }

        ImportedGraph imported = (options.OpenBatch ? FixedBatch.ImportOpened(file, external, options) : null)
            ?? GraphImporter.Import(file, external, options, new ImportRequest { Border = TensorLayout.ChannelsLast });
        return new Model(imported.Graph);
    }
}
