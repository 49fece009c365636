using System.Numerics.Tensors;
using Sepal.Graphs;

namespace Sepal.Training;

/// <summary>A data set of two tensors in memory: the first dimension of both counts the examples.</summary>
public sealed class TensorDataset : Dataset
{
    private readonly float[] _inputs;
    private readonly float[] _targets;
    private readonly int _inputLength;
    private readonly int _targetLength;

    /// <summary>Makes a data set of inputs and class numbers.</summary>
    /// <param name="inputs">Examples, <c>[count, …]</c>.</param>
    /// <param name="classes">One class number an example, <c>[count]</c>.</param>
    /// <exception cref="SepalException">The counts differ, or there is no example.</exception>
    public TensorDataset(ReadOnlyTensorSpan<float> inputs, ReadOnlySpan<int> classes)
        : this(inputs, ToFloats(classes), Shape.Scalar, classes.Length)
    {
    }

    /// <summary>Makes a data set of inputs and target tensors.</summary>
    /// <param name="inputs">Examples, <c>[count, …]</c>.</param>
    /// <param name="targets">Targets, <c>[count, …]</c>: one-hot rows, or what a regression is to give.</param>
    /// <exception cref="SepalException">The counts differ, or there is no example.</exception>
    public TensorDataset(ReadOnlyTensorSpan<float> inputs, ReadOnlyTensorSpan<float> targets)
        : this(inputs, Flatten(targets), RowShape(targets), targets.Rank == 0 ? 0 : (int)targets.Lengths[0])
    {
    }

    private TensorDataset(ReadOnlyTensorSpan<float> inputs, float[] targets, Shape targetShape, int targetCount)
    {
        int count = inputs.Rank == 0 ? 0 : (int)inputs.Lengths[0];
        if (count == 0 || count != targetCount)
        {
            throw new SepalException(
                $"The data set has {count} inputs and {targetCount} targets. There must be as many of both, and at least one.");
        }

        Count = count;
        InputShape = RowShape(inputs);
        TargetShape = targetShape;
        _inputs = Flatten(inputs);
        _targets = targets;
        _inputLength = _inputs.Length / count;
        _targetLength = targets.Length / count;
    }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <inheritdoc/>
    public override Shape InputShape { get; }

    /// <inheritdoc/>
    public override Shape TargetShape { get; }

    /// <inheritdoc/>
    public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
    {
        for (int position = 0; position < indices.Length; position++)
        {
            _inputs.AsSpan(indices[position] * _inputLength, _inputLength).CopyTo(inputs[(position * _inputLength)..]);
            _targets.AsSpan(indices[position] * _targetLength, _targetLength).CopyTo(targets[(position * _targetLength)..]);
        }
    }

    private static float[] ToFloats(ReadOnlySpan<int> classes)
    {
        var values = new float[classes.Length];
        TensorPrimitives.ConvertTruncating(classes, values.AsSpan());
        return values;
    }

    private static Shape RowShape(ReadOnlyTensorSpan<float> tensor)
    {
        var dimensions = new Dimension[Math.Max(tensor.Rank - 1, 0)];
        for (int axis = 1; axis < tensor.Rank; axis++)
        {
            dimensions[axis - 1] = tensor.Lengths[axis];
        }

        return new Shape(dimensions);
    }

    private static float[] Flatten(ReadOnlyTensorSpan<float> tensor)
    {
        var values = new float[checked((int)tensor.FlattenedLength)];
        tensor.FlattenTo(values);
        return values;
    }
}
