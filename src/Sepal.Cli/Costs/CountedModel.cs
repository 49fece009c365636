using Sepal.Cli.Models;
using Sepal.Costs;
using Sepal.Graphs;

namespace Sepal.Cli.Costs;

/// <summary>A model of the command line, counted.</summary>
/// <param name="Source">What was typed, resolved.</param>
/// <param name="Graph">Its graph.</param>
/// <param name="Symbols">What its open dimensions are.</param>
/// <param name="Cost">What it costs.</param>
internal sealed record CountedModel(ModelSource Source, Graph Graph, IReadOnlyDictionary<string, long> Symbols, ModelCost Cost)
{
    /// <summary>What was typed: the name or the path.</summary>
    public string Name => Source.Text;

    /// <summary>The first input's shape, without the batch.</summary>
    public long[] Input => Extents(Graph.Inputs[0].Shape.Resolve(Symbols));

    /// <summary>What it was counted for.</summary>
    public CostOptions Options => Cost.Options;

    /// <summary>Counts a model.</summary>
    /// <param name="source">What was typed, resolved.</param>
    /// <param name="input">The height, width and channels of an image, if given.</param>
    /// <param name="classes">The number of classes, if given.</param>
    /// <param name="options">What is counted for, without the open dimensions.</param>
    /// <returns>The counted model.</returns>
    /// <exception cref="SepalException">The options do not fit, or the file cannot be read.</exception>
    public static CountedModel Of(ModelSource source, int[]? input, int? classes, CostOptions options)
    {
        Graph graph = source.Graph(input, classes, keepUnknown: true);
        Dictionary<string, long> symbols = ImageSymbols.Of(graph, input, options.Batch, source.Text);
        return new CountedModel(source, graph, symbols, ModelCost.Of(graph, options with { Symbols = symbols }));
    }

    /// <summary>A shape without the batch, as numbers.</summary>
    /// <param name="shape">A shape of numbers.</param>
    /// <returns>The extents.</returns>
    public static long[] Extents(Shape shape) => [.. shape.Skip(1).Select(dimension => dimension.Value)];
}
