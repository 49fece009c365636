using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Import;

/// <summary>Which versions of ONNX's operator set are read.</summary>
internal static class OperatorSets
{
    private const long First = 6;
    private const long Last = 21;

    /// <summary>The version of ONNX's own operator set that a file uses.</summary>
    /// <exception cref="SepalException">It states none, or one that is not read.</exception>
    public static int Version(ModelProto model)
    {
        OperatorSetIdProto? own = model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx");
        if (own is null)
        {
            throw new SepalException("The file states no version of the ONNX operator set. It is damaged, or not a model: export it again.");
        }

        return own.Version is >= First and <= Last
            ? (int)own.Version
            : throw new SepalException(
                $"The file uses version {own.Version} of the ONNX operator set; versions {First} to {Last} are read. "
                + "Export it with another version, for example opset 17.");
    }
}
