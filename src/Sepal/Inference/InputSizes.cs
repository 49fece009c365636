using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference;

/// <summary>Refuses sizes of inputs that a graph cannot take, and says which it can.</summary>
/// <param name="inputs">The inputs as the model states them.</param>
/// <param name="given">The shapes given for them.</param>
internal sealed class InputSizes(ImmutableArray<TensorInfo> inputs, ImmutableArray<Shape> given)
{
    // Larger than the images that anybody runs whole.
    private const int LargestSize = 8192;

    /// <summary>What images usually are, and what a fixed number of features usually comes of.</summary>
    private static readonly ImmutableArray<int> UsualSizes =
        [224, 256, 288, 299, 320, 384, 448, 512, 640, 32, 28, 64, 96, 128, 160, 192, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24];

    private static readonly ImmutableArray<int> UsualDivisors = [2, 4, 8, 16, 32, 64];
    private static readonly TimeSpan LongestSearch = TimeSpan.FromSeconds(2);

    /// <summary>The open dimensions but the batch: heights, widths, lengths.</summary>
    private readonly ImmutableArray<string> _open =
    [
        .. inputs.SelectMany(input => input.Shape.Skip(1)).Where(dimension => !dimension.IsKnown).Select(dimension => dimension.ToString()).Distinct(),
    ];

    /// <summary>Refuses sizes from which some node would make less than nothing, or would have to make something of nothing.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="symbols">The values of its open dimensions.</param>
    /// <exception cref="SepalException">Names the node, what was given, and the least sizes that would do.</exception>
    public void Require(Graph graph, IReadOnlyDictionary<string, long> symbols)
    {
        foreach (Node node in graph.Nodes)
        {
            if (Problem(node, symbols) is { } problem)
            {
                throw new SepalException($"Node '{node.Name}' ({node.Operator.Name}): {problem}. {Received} {Least(graph, symbols)}");
            }
        }
    }

    /// <summary>The error for sizes with which a graph could not be made.</summary>
    /// <param name="exception">Why it could not.</param>
    /// <param name="canBeMade">Whether it can be made for other shapes.</param>
    /// <returns>The error with what was given, and with sizes that would do if some are soon found.</returns>
    public SepalException Refusal(GraphException exception, Func<ImmutableArray<Shape>, bool> canBeMade)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (Func<long, long> size in Candidates())
        {
            if (Stopwatch.GetElapsedTime(start) > LongestSearch)
            {
                break;
            }

            ImmutableArray<Shape> shapes = [.. inputs.Select((input, index) => Resized(input, given[index], size))];
            if (canBeMade(shapes))
            {
                return new SepalException(
                    $"{exception.Message} {Received} {string.Join(" and ", inputs.Zip(shapes, (input, shape) => $"'{input.Name}' {shape}"))} would do.", exception);
            }
        }

        return new SepalException($"{exception.Message} {Received}", exception);
    }

    private string Received =>
        $"The model was given {string.Join(" and ", inputs.Zip(given, (input, shape) => $"'{input.Name}' {shape}"))}.";

    private static string? Problem(Node node, IReadOnlyDictionary<string, long> symbols)
    {
        foreach (Value output in node.Outputs)
        {
            if (Extents(output, symbols).Any(extent => extent < 0))
            {
                return $"its output would have the shape ({string.Join(", ", Extents(output, symbols))})";
            }
        }

        bool needsElements = node.Operator is Convolution or ConvolutionTranspose or Dense or MatMul or Pooling or GlobalPooling or Resize;
        bool makesElements = needsElements && node.Outputs.Any(output => !Extents(output, symbols).Contains(0));
        return makesElements && node.Inputs.FirstOrDefault(input => Extents(input, symbols).Contains(0)) is { } empty
            ? $"nothing is left of its input '{empty.Name}' ({string.Join(", ", Extents(empty, symbols))})"
            : null;
    }

    private static IEnumerable<long> Extents(Value value, IReadOnlyDictionary<string, long> symbols) =>
        value.Shape.Select(dimension => dimension.Evaluate(symbols));

    /// <summary>For each open dimension the least value that will do if the others are large enough.</summary>
    private string Least(Graph graph, IReadOnlyDictionary<string, long> symbols)
    {
        var least = new List<string>();
        foreach (string name in _open)
        {
            var trial = new Dictionary<string, long>(symbols, StringComparer.Ordinal);
            foreach (string other in _open)
            {
                trial[other] = LargestSize;
            }

            if (graph.Nodes.Any(node => Problem(node, trial) is not null))
            {
                return "Give it another size.";
            }

            // Windows fit better the larger the image is, so that halving finds where they begin to.
            (long low, long high) = (0, LargestSize);
            while (high - low > 1)
            {
                trial[name] = (low + high) / 2;
                bool fits = !graph.Nodes.Any(node => Problem(node, trial) is not null);
                (low, high) = fits ? (low, trial[name]) : (trial[name], high);
            }

            least.Add(string.Create(CultureInfo.InvariantCulture, $"'{name}' of at least {high}"));
        }

        return least.Count == 0 ? "Its sizes are fixed: export it for larger inputs." : $"Give it {string.Join(" and ", least)}.";
    }

    private static IEnumerable<Func<long, long>> Candidates() =>
        UsualDivisors.Select<int, Func<long, long>>(divisor => size => (size + divisor - 1) / divisor * divisor)
            .Concat(UsualSizes.Select<int, Func<long, long>>(usual => _ => usual));

    /// <summary>A shape with other sizes where the model leaves them open, the batch aside.</summary>
    private static Shape Resized(TensorInfo input, Shape shape, Func<long, long> size) => input.IsRankKnown
        ? new Shape([.. shape.Select((dimension, axis) => axis == 0 || input.Shape[axis].IsKnown ? dimension : size(dimension.Value))])
        : shape;
}
