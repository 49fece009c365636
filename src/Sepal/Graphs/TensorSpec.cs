using System.Collections.Immutable;

namespace Sepal.Graphs;

/// <summary>What is known of a tensor before it has numbers: its shape, its element type and the meaning of its axes.</summary>
/// <param name="Shape">The extents, outermost first.</param>
/// <param name="ElementType">What the elements are.</param>
public sealed record TensorSpec(Shape Shape, ElementType ElementType = ElementType.Float32)
{
    /// <summary>
    /// One letter an axis, for example <c>NHWC</c> (batch, height, width, channels); empty where the axes have no
    /// such meaning. Rank 4 is taken as <c>NHWC</c> and rank 2 as <c>NC</c> unless said otherwise.
    /// </summary>
    public string AxisOrder { get; init; } = Shape.Rank switch { 4 => "NHWC", 2 => "NC", _ => string.Empty };

    /// <summary>How many dimensions there are.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The last dimension: the channels.</summary>
    public Dimension Channels => Shape[^1];

    /// <summary>The bytes of all elements.</summary>
    public Dimension ByteCount => Shape.ElementCount * ElementType.ByteSize();

    /// <summary>The shape with the axes named, for error messages: <c>(N=batch, H=5, W=5, C=3)</c>.</summary>
    /// <returns>The text.</returns>
    public string Describe()
    {
        ImmutableArray<string> parts = AxisOrder.Length == Shape.Rank
            ? [.. Shape.Select((dimension, axis) => $"{AxisOrder[axis]}={dimension}")]
            : [.. Shape.Select(dimension => dimension.ToString())];
        string type = ElementType == ElementType.Float32 ? string.Empty : $" {ElementType}";
        return $"({string.Join(", ", parts)}){type}";
    }

    /// <inheritdoc/>
    public override string ToString() => Describe();
}
