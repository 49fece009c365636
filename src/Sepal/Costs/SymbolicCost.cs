using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Costs;

/// <summary>
/// What a model costs as exact expressions in its open dimensions: polynomials whose variables are the dimensions and floors
/// of them. The batch is called <c>N</c>.
/// </summary>
public sealed record SymbolicCost
{
    /// <summary>What the batch is called.</summary>
    public const string BatchSymbol = "N";

    private SymbolicCost()
    {
    }

    /// <summary>All parameters, which depend on no size.</summary>
    public required long Parameters { get; init; }

    /// <summary>MACs.</summary>
    public required Dimension MultiplyAccumulates { get; init; }

    /// <summary>Element operations.</summary>
    public required Dimension ElementOperations { get; init; }

    /// <summary>Bytes read and written by every node anew.</summary>
    public required Dimension Bytes { get; init; }

    /// <summary>The names of the open dimensions.</summary>
    public required ImmutableArray<string> Symbols { get; init; }

    /// <summary>
    /// The total stride: for sizes that are multiples of it no division leaves a remainder. 1 where nothing is divided, null
    /// where no number up to 4096 does.
    /// </summary>
    public required int? Stride { get; init; }

    /// <summary>Counts a graph in its open dimensions.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="options">
    /// The counting rules, and in <see cref="CostOptions.Symbols"/> values for open dimensions that are to be fixed. The batch
    /// stays open.
    /// </param>
    /// <returns>The expressions.</returns>
    /// <exception cref="SepalException">An expression grows beyond what is kept, or a number beyond 64 bits.</exception>
    public static SymbolicCost Of(Graph graph, CostOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        options ??= new CostOptions();
        Dictionary<string, Dimension> fixedSizes = (options.Symbols ?? ImmutableDictionary<string, long>.Empty)
            .ToDictionary(pair => pair.Key, pair => (Dimension)pair.Value, StringComparer.Ordinal);
        fixedSizes[Dimension.Batch.ToString()] = Dimension.Symbol(BatchSymbol);
        Dimension macs = 0;
        Dimension elements = 0;
        Dimension bytes = 0;
        foreach (Node node in graph.Nodes)
        {
            var call = new OperatorCall(node.Name, node.Operator, [.. node.Inputs.Select(input => Substitute(input.Spec, fixedSizes))]);
            OperatorCost cost = node.Operator.Cost(call, [.. node.Outputs.Select(output => Substitute(output.Spec, fixedSizes))]);
            (Dimension products, Dimension others) = CountingRules.Apply(options, node.Operator.ElementOperationKind, cost.MultiplyAccumulates, cost.ElementOperations);
            macs += products;
            elements += others;
            bytes += cost.BytesRead + cost.BytesWritten;
        }

        return new SymbolicCost
        {
            Parameters = graph.Parameters.Sum(parameter => parameter.Length),
            MultiplyAccumulates = macs,
            ElementOperations = elements,
            Bytes = bytes,
            Symbols = [.. macs.SymbolNames.Concat(elements.SymbolNames).Concat(bytes.SymbolNames).Distinct().Order(StringComparer.Ordinal)],
            Stride = StrideOf([macs, elements, bytes]),
        };
    }

    /// <summary>
    /// An expression for sizes that are multiples of <see cref="Stride"/>: a plain polynomial, as text, with exact decimal
    /// coefficients where they end within ten places.
    /// </summary>
    /// <param name="expression">One of this record's expressions.</param>
    /// <returns>The text; null where <see cref="Stride"/> is.</returns>
    public string? ForMultiples(Dimension expression) =>
        Stride is { } stride ? SymbolicText.Polynomial(Multiple(expression, stride), stride) : null;

    /// <summary>The floors of the expressions, as <c>⌊(H + 1) / 2⌋</c>, by rising divisor.</summary>
    /// <returns>The texts.</returns>
    public ImmutableArray<string> Floors() =>
    [
        .. new[] { MultiplyAccumulates, ElementOperations, Bytes }.SelectMany(expression => expression.Floors)
            .OrderBy(floor => floor.Divisor.IsKnown ? floor.Divisor.Value : long.MaxValue)
            .Select(floor => $"⌊({floor.Dividend}) / {floor.Divisor}⌋")
            .Distinct(),
    ];

    private static TensorSpec Substitute(TensorSpec spec, Dictionary<string, Dimension> sizes) =>
        spec with { Shape = new Shape([.. spec.Shape.Select(dimension => dimension.Substitute(sizes))]) };

    private static int? StrideOf(Dimension[] expressions)
    {
        for (int stride = 1; stride <= 4096; stride *= 2)
        {
            if (expressions.All(expression => !Multiple(expression, stride).Floors.Any()))
            {
                return stride;
            }
        }

        return null;
    }

    /// <summary>The expression with <c>stride·H</c> for H: every symbol but the batch.</summary>
    private static Dimension Multiple(Dimension expression, int stride) => expression.Substitute(
        expression.SymbolNames.Where(name => name != BatchSymbol).ToDictionary(name => name, name => Dimension.Symbol(name) * stride, StringComparer.Ordinal));
}
