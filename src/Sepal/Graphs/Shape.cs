using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Sepal.Graphs;

/// <summary>The extents of a tensor, outermost first. Written as a collection: <c>Shape s = [28, 28, 1];</c>.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public sealed class Shape : IReadOnlyList<Dimension>, IEquatable<Shape>
{
    /// <summary>More dimensions than any tensor has; kernels keep a position along each on their stacks.</summary>
    internal const int MaximumRank = 64;

    private readonly ImmutableArray<Dimension> _dimensions;

    /// <summary>Makes a shape.</summary>
    /// <param name="dimensions">The extents, outermost first; none for a scalar.</param>
    public Shape(params ReadOnlySpan<Dimension> dimensions)
    {
        _dimensions = [.. dimensions];
    }

    /// <summary>The shape of a scalar: no dimensions.</summary>
    public static Shape Scalar { get; } = new();

    /// <summary>How many dimensions there are.</summary>
    public int Rank => _dimensions.Length;

    /// <inheritdoc/>
    public int Count => _dimensions.Length;

    /// <summary>Whether every dimension is a number.</summary>
    public bool IsKnown => _dimensions.All(dimension => dimension.IsKnown);

    /// <summary>The product of all dimensions; 1 for a scalar.</summary>
    public Dimension ElementCount => _dimensions.Aggregate(Dimension.FromInt64(1), (product, next) => product * next);

    /// <summary>The dimension at a position.</summary>
    /// <param name="index">From 0, or from the end with <c>^</c>.</param>
    public Dimension this[int index] => _dimensions[index];

    /// <summary>Makes a shape; what collection expressions call.</summary>
    /// <param name="dimensions">The extents, outermost first.</param>
    /// <returns>The shape.</returns>
    public static Shape Create(ReadOnlySpan<Dimension> dimensions) => new(dimensions);

    /// <summary>The shape with a batch dimension in front.</summary>
    /// <returns><c>[batch, …]</c>.</returns>
    public Shape WithBatch() => [Dimension.Batch, .. _dimensions];

    /// <summary>The shape without its first dimension.</summary>
    /// <returns>The rest.</returns>
    public Shape WithoutBatch() => new(_dimensions.AsSpan()[1..]);

    /// <summary>The shape with another last dimension.</summary>
    /// <param name="last">The new last dimension.</param>
    /// <returns>The shape.</returns>
    public Shape WithLast(Dimension last) => [.. _dimensions.AsSpan()[..^1], last];

    /// <summary>The shape with another dimension at a position.</summary>
    /// <param name="axis">The position, from 0.</param>
    /// <param name="dimension">The new dimension.</param>
    /// <returns>The shape.</returns>
    public Shape With(int axis, Dimension dimension) => new(_dimensions.SetItem(axis, dimension).AsSpan());

    /// <summary>Gives every symbol a value.</summary>
    /// <param name="symbols">Values by symbol name.</param>
    /// <returns>A shape of numbers.</returns>
    /// <exception cref="SepalException">A symbol has no value.</exception>
    public Shape Resolve(IReadOnlyDictionary<string, long> symbols) =>
        new([.. _dimensions.Select(dimension => (Dimension)dimension.Evaluate(symbols))]);

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _dimensions.AsSpan().SequenceEqual(other._dimensions.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (Dimension dimension in _dimensions)
        {
            hash.Add(dimension);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<Dimension> GetEnumerator() => ((IEnumerable<Dimension>)_dimensions).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"({string.Join(", ", _dimensions)})";
}
