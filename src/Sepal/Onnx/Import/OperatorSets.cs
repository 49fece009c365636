using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Import;

/// <summary>Which versions of ONNX's operator set are read.</summary>
internal static class OperatorSets
{
    private const long First = 6;
    private const long Last = 21;

    // Older files are read if they use nothing but these, which the versions up to 6 did not change.
    private static readonly HashSet<string> UnchangedSinceFirst = new(StringComparer.Ordinal)
    {
        "ArgMax", "ArgMin", "Constant", "Conv", "ConvTranspose", "DepthToSpace", "Flatten", "Gather", "GlobalAveragePool", "GlobalMaxPool",
        "Identity", "LRN", "LogSoftmax", "MaxPool", "Not", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax",
        "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare", "Shape", "Size", "Slice", "Softmax", "Softplus",
        "SpaceToDepth", "Squeeze", "Transpose", "Unsqueeze",
    };

    /// <summary>The version of ONNX's own operator set that a file uses.</summary>
    /// <exception cref="SepalException">It states none, or one that is not read.</exception>
    public static int Version(ModelProto model)
    {
        OperatorSetIdProto? own = model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx");
        if (own is null)
        {
            throw new SepalException("The file states no version of the ONNX operator set. It is damaged, or not a model: export it again.");
        }

        if (own.Version is >= 1 and < First && model.Graph.Node.All(node => UnchangedSinceFirst.Contains(node.OpType)))
        {
            return (int)First;
        }

        return own.Version is >= First and <= Last
            ? (int)own.Version
            : throw new SepalException(
                $"The file uses version {own.Version} of the ONNX operator set; versions {First} to {Last} are read. "
                + "Export it with another version, for example opset 17.");
    }
}
