using Sepal.Cli.Framework;
using Sepal.Graphs;

namespace Sepal.Cli.Models;

/// <summary>What the open dimensions of a file's input are, by the image and the batch that were asked for.</summary>
internal static class ImageSymbols
{
    /// <summary>Values by symbol name.</summary>
    /// <param name="graph">The graph; its first input is the image.</param>
    /// <param name="input">Height, width and channels, if given.</param>
    /// <param name="batch">Images in a batch.</param>
    /// <param name="model">What was typed, for the message.</param>
    /// <exception cref="UsageException">The image has another size than the file's, or a dimension is open and not given.</exception>
    public static Dictionary<string, long> Of(Graph graph, int[]? input, int batch, string model)
    {
        var symbols = new Dictionary<string, long>(StringComparer.Ordinal);
        Shape shape = graph.Inputs[0].Shape;
        if (input is not null && shape.Rank != 4)
        {
            throw UsageException.ForOption(
                "--input", string.Join('x', input), $"no such option for '{model}', whose input {graph.Inputs[0].Spec.Describe()} is no image");
        }

        for (int axis = 0; axis < shape.Rank; axis++)
        {
            long? given = axis == 0 ? batch : input?[axis - 1];
            if (shape[axis].IsKnown ? given is null || axis == 0 || given == shape[axis].Value : given is not null && Add(symbols, shape[axis], given.Value))
            {
                continue;
            }

            throw input is null
                ? new UsageException($"'{model}' leaves its input {graph.Inputs[0].Spec.Describe()} open; give its size with --input HxWxC.")
                : UsageException.ForOption("--input", string.Join('x', input), $"an image that fits the model's input {graph.Inputs[0].Spec.Describe()}");
        }

        return symbols;
    }

    /// <summary>Gives a symbol its value, unless the dimension is more than one symbol or has another value already.</summary>
    private static bool Add(Dictionary<string, long> symbols, Dimension dimension, long value)
    {
        string symbol = dimension.ToString();
        return dimension == Dimension.Symbol(symbol) && (symbols.TryAdd(symbol, value) || symbols[symbol] == value);
    }
}
