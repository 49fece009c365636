using Sepal.Training.Initializers;

namespace Sepal.Graphs;

/// <summary>A named tensor of a graph: an input, the result of a node, or (as <see cref="Parameter"/>) a weight.</summary>
public class Value
{
    internal Value(string name, TensorSpec spec)
    {
        Name = name;
        Spec = spec;
    }

    /// <summary>The name, unique within the graph.</summary>
    public string Name { get; }

    /// <summary>Shape, element type and axes.</summary>
    public TensorSpec Spec { get; }

    /// <summary>The shape.</summary>
    public Shape Shape => Spec.Shape;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Spec.Describe()}";
}

/// <summary>
/// A tensor that belongs to the model: a kernel, a bias, batch norm's scale, or a moving statistic. The graph knows
/// how it starts; its numbers live with the model.
/// </summary>
public sealed class Parameter : Value
{
    internal Parameter(string name, TensorSpec spec, Initializer initializer)
        : base(name, spec)
    {
        Initializer = initializer;
    }

    /// <summary>What the numbers are before training.</summary>
    public Initializer Initializer { get; }

    /// <summary>The fans the initialiser scales by; known to the layer, not to be read off the shape.</summary>
    public Fans Fans { get; init; } = new(1, 1);

    /// <summary>Whether the optimizer changes it. Moving statistics are not trainable: the forward pass updates them.</summary>
    public bool Trainable { get; init; } = true;

    /// <summary>The factor λ of an L2 penalty λ·Σw² added to the loss; 0 for none.</summary>
    public float L2 { get; init; }

    /// <summary>The number of elements.</summary>
    public long Length => Shape.ElementCount.Value;
}

/// <summary>A tensor of the graph whose numbers are part of it and never change, such as a mask or a table of indices.</summary>
public sealed class ConstantValue : Value
{
    internal ConstantValue(string name, TensorData data)
        : base(name, new TensorSpec(data.Shape, data.ElementType) { AxisOrder = string.Empty })
    {
        Data = data;
    }

    /// <summary>The numbers.</summary>
    public TensorData Data { get; }
}
