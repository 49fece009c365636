using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import;

/// <summary>
/// Makes the forms of values in the graph, each once: a weight as a parameter, a constant as one, and the other layout of a
/// value by a transpose, or by a reshape where no element moves.
/// </summary>
internal sealed class ValueForms(GraphNames names, GraphBuilder builder)
{
    private readonly Dictionary<ImportedValue, StoredForm> _stored = [];
    private readonly Dictionary<(ImportedValue Value, string Form), Value> _others = [];

    /// <summary>A value in a layout.</summary>
    public Value Get(ImportedValue value, TensorLayout layout)
    {
        bool planar = layout == TensorLayout.Planar || value.Rank < 3;
        if ((planar ? value.Planar : value.ChannelsLast) is { } known)
        {
            return known;
        }

        int[] permutation = planar ? [.. Enumerable.Range(0, value.Rank)] : TensorLayouts.ToChannelsLast(value.Rank);
        Value made = value.Data is not null ? Permuted(value, permutation)
            : value.Elements is { } elements && value.Planar is null ? Computed(value, elements, planar)
            : planar ? Move(value.ChannelsLast!, TensorLayouts.ToPlanar(value.Rank), $"{value.Name}/planar")
            : Move(value.Planar!, permutation, $"{value.Name}/channels_last");
        if (planar)
        {
            value.Planar = made;
        }
        else
        {
            value.ChannelsLast = made;
        }

        return made;
    }

    /// <summary>A value with its axes in an order, and then, if wanted, as another shape.</summary>
    /// <param name="value">The value.</param>
    /// <param name="permutation">Which axis of the file each axis is.</param>
    /// <param name="shape">The shape to give the permuted elements; theirs where not given.</param>
    /// <param name="trainable">Whether a weight may be trained. The first use of a weight decides.</param>
    public Value Permuted(ImportedValue value, int[] permutation, Shape? shape = null, bool trainable = true)
    {
        if (value.Data is null)
        {
            Value moved = Move(Get(value, TensorLayout.Planar), permutation, $"{value.Name}/permuted");
            return Reshaped(moved, shape ?? moved.Shape, $"{value.Name}/reshaped");
        }

        Shape permutedShape = TensorLayouts.Permute(value.Shape, permutation);
        shape ??= permutedShape;
        if (!_stored.TryGetValue(value, out StoredForm? stored))
        {
            stored = new StoredForm(Store(value, value.Data, permutation, shape, trainable), permutation, permutedShape);
            _stored.Add(value, stored);
            return stored.Value;
        }

        if (stored.Permutation.AsSpan().SequenceEqual(permutation) && stored.Value.Shape.Equals(shape))
        {
            return stored.Value;
        }

        // A weight that is used in two forms stays one parameter, so that training changes both.
        string form = $"{string.Join(',', permutation)} {shape}";
        if (!_others.TryGetValue((value, form), out Value? other))
        {
            int[] inverse = [.. permutation.Select(axis => Array.IndexOf(stored.Permutation, axis))];
            Value source = Reshaped(stored.Value, stored.PermutedShape, $"{value.Name}/as_stored");
            other = Reshaped(Move(source, inverse, $"{value.Name}/permuted"), shape, $"{value.Name}/reshaped");
            _others.Add((value, form), other);
        }

        return other;
    }

    /// <summary>A value in another axis order, by a step that moves elements only if it must.</summary>
    /// <param name="source">A value of the graph.</param>
    /// <param name="permutation">Which axis of the source each axis is.</param>
    /// <param name="name">A name for the node.</param>
    public Value Move(Value source, int[] permutation, string name)
    {
        if (permutation.SequenceEqual(Enumerable.Range(0, permutation.Length)))
        {
            return source;
        }

        if (TensorLayouts.KeepsElements(source.Shape, permutation))
        {
            return Reshaped(source, TensorLayouts.Permute(source.Shape, permutation), name);
        }

        return names.Add(builder, name, new Transpose([.. permutation]), [source]);
    }

    /// <summary>The same elements with another shape.</summary>
    public Value Reshaped(Value source, Shape shape, string name) => source.Shape.Equals(shape)
        ? source
        : names.Add(builder, name, new Reshape(shape) { KeepsBatch = false }, [source]);

    private Value Store(ImportedValue value, TensorData data, int[] permutation, Shape shape, bool trainable)
    {
        bool isWeight = value.IsInitializer && data.ElementType == ElementType.Float32 && data.Length > 1;
        return isWeight
            ? builder.Parameter(names.Reserve(value.Name), shape, new StoredTensor(data, permutation), trainable: trainable)
            : builder.Constant(names.Reserve(value.Name), new TensorData(shape, data.ElementType, AxisOrder.Permute(data, permutation).Bytes));
    }

    private Value Computed(ImportedValue value, ImmutableArray<Dimension> elements, bool planar)
    {
        Value vector = names.Add(builder, value.Name, new DimensionVector(value.Shape, elements, value.StorageType), []);
        value.Planar = vector;
        return planar ? vector : Get(value, TensorLayout.ChannelsLast);
    }

    private sealed record StoredForm(Value Value, int[] Permutation, Shape PermutedShape);
}
