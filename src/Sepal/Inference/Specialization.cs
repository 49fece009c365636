namespace Sepal.Inference;

/// <summary>How much of what a caller gives must be known before there is a graph; each level includes those before it.</summary>
internal enum Specialization
{
    /// <summary>Nothing: one graph with open dimensions does for all inputs.</summary>
    None,

    /// <summary>The shapes of the inputs.</summary>
    Shapes,

    /// <summary>The elements of small inputs of integers: shapes, axes, counts.</summary>
    Integers,

    /// <summary>The elements of small inputs of any type with one dimension or none: also factors of resizing.</summary>
    Vectors,

    /// <summary>The elements of all small inputs.</summary>
    SmallTensors,
}
