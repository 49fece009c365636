using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// What a node computes: its attributes, its shape rule and its cost rule. It knows nothing of how or on what it is
/// run. Parameters (kernels, biases) are inputs like any other, after the data.
/// </summary>
public abstract record Operator
{
    /// <summary>The operator's name in reports and messages, for example <c>Convolution</c>.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Whether its work is known; of an unknown operator, reports say so instead of counting it as nothing.</summary>
    public virtual bool IsCounted => true;

    /// <summary>What its element operations are.</summary>
    public virtual ElementOperationKind ElementOperationKind => ElementOperationKind.Other;

    /// <summary>Infers the shapes of the outputs, and refuses inputs that do not fit.</summary>
    /// <param name="call">The inputs and the node they belong to.</param>
    /// <returns>One specification an output.</returns>
    /// <exception cref="GraphException">The inputs do not fit; names the node, the shapes and the fix.</exception>
    public abstract ImmutableArray<TensorSpec> InferOutputs(OperatorCall call);

    /// <summary>Counts the work, from shapes alone. Symbols in the shapes stay symbols in the counts.</summary>
    /// <param name="call">The inputs, already accepted by <see cref="InferOutputs"/>.</param>
    /// <param name="outputs">What <see cref="InferOutputs"/> returned.</param>
    /// <returns>The counts.</returns>
    public abstract OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs);

    /// <summary>Counts bytes: every input read once, every output written once.</summary>
    private protected static OperatorCost CostOf(
        OperatorCall call, ImmutableArray<TensorSpec> outputs, Dimension multiplyAccumulates, Dimension elementOperations) =>
        new(
            multiplyAccumulates,
            elementOperations,
            Total(call.Inputs),
            Total(outputs));

    private static Dimension Total(ImmutableArray<TensorSpec> specs) =>
        specs.Aggregate(Dimension.FromInt64(0), (sum, spec) => sum + spec.ByteCount);
}
