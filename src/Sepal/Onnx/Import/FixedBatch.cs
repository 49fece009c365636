using Sepal.Graphs;
using Sepal.Onnx.Files;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Import;

/// <summary>
/// Opens the batch of files that fix it, as PyTorch's exporter does unless it is told otherwise: data sets run, and training takes,
/// as many examples at once as they please.
/// </summary>
internal static class FixedBatch
{
    /// <summary>Imports a file for a model with its batch opened.</summary>
    /// <param name="file">The file.</param>
    /// <param name="external">Where tensors outside the file are read from.</param>
    /// <param name="options">The caller's options.</param>
    /// <returns>
    /// The graph; null where the file fixes no batch, or where its nodes do not let the batch pass from the inputs to all outputs.
    /// </returns>
    public static ImportedGraph? ImportOpened(ModelProto file, IExternalData external, ImportOptions options)
    {
        if (Of(file.Graph) is not { } batch)
        {
            return null;
        }

        try
        {
            ImportedGraph opened = GraphImporter.Import(
                file, external, options, new ImportRequest { Border = TensorLayout.ChannelsLast, OpenedBatch = batch });
            return opened.Graph.Outputs.All(output => output.Shape.Rank > 0 && output.Shape[0] == Dimension.Batch) ? opened : null;
        }
        catch (SepalException exception) when (exception is not UnsupportedOperatorException)
        {
            // Whatever it is, importing the file as it is will say it, if it is not that the batch was opened.
            return null;
        }
    }

    /// <summary>The first extent of the inputs, where it is the same number for all and none has only that one extent; else null.</summary>
    private static long? Of(GraphProto graph)
    {
        var initializers = graph.Initializer.Select(initializer => initializer.Name).ToHashSet(StringComparer.Ordinal);
        Shape?[] shapes = [.. graph.Input.Where(input => !initializers.Contains(input.Name)).Select(StatedShapes.Read)];
        long[] batches = [.. shapes.Select(shape => shape is { Rank: > 1 } && shape[0].IsKnown ? shape[0].Value : 0).Distinct()];
        return batches is [> 0 and var batch] ? batch : null;
    }
}
