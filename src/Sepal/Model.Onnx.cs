using Sepal.Onnx;
using Sepal.Onnx.Export;
using Sepal.Onnx.Files;

namespace Sepal;

/// <content>Writing ONNX files.</content>
public partial class Model
{
    /// <summary>
    /// Writes the model with its weights to an ONNX file (opset 17), which other engines run and which Sepal trains further.
    /// Images are NCHW in the file; the batch is open.
    /// </summary>
    /// <param name="path">The file; replaced whole, or not at all where anything goes wrong.</param>
    /// <param name="options">What is folded, stripped and added; nothing where not given.</param>
    /// <exception cref="SepalException">An operator has no ONNX form, the model takes more than 2 GiB, or the file cannot be written.</exception>
    public void ExportOnnx(string path, OnnxExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        OnnxFile.Write(OnnxExporter.Export(this, options ?? new OnnxExportOptions()), path);
    }

    /// <summary>Writes the model with its weights to a stream, as an ONNX file (opset 17).</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="options">What is folded, stripped and added; nothing where not given.</param>
    /// <exception cref="SepalException">An operator has no ONNX form, or the model takes more than 2 GiB.</exception>
    public void ExportOnnx(Stream stream, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        OnnxFile.Write(OnnxExporter.Export(this, options ?? new OnnxExportOptions()), stream);
    }
}
