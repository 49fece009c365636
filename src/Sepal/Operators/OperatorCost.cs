using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// The work of one operator. One MAC is one multiply and one add; bias adds, activations, pooling and batch
/// normalisation are element operations, counted apart.
/// </summary>
/// <param name="MultiplyAccumulates">MACs of convolutions and matrix products. FLOPs are twice this.</param>
/// <param name="ElementOperations">Everything else, each operator by the rule in its own documentation.</param>
/// <param name="BytesRead">Bytes of all inputs, parameters included, each read once.</param>
/// <param name="BytesWritten">Bytes of all outputs.</param>
public sealed record OperatorCost(
    Dimension MultiplyAccumulates, Dimension ElementOperations, Dimension BytesRead, Dimension BytesWritten);
