using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// An operator of a file that Sepal does not know, kept with the shapes that the file states. It cannot be run, and its work
/// cannot be counted beyond its bytes: <see cref="Operator.IsCounted"/> is false.
/// </summary>
/// <param name="Type">The operator's name in the file.</param>
/// <param name="Domain">The domain that defines it.</param>
/// <param name="StatedOutputs">What the file says that it gives.</param>
public sealed record Opaque(string Type, string Domain, ImmutableArray<TensorSpec> StatedOutputs) : Operator
{
    /// <inheritdoc/>
    public override string Name => Type;

    /// <inheritdoc/>
    public override bool IsCounted => false;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call) => StatedOutputs;

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => CostOf(call, outputs, 0, 0);
}
