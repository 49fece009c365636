using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>A whole tensor several times over along each axis; any element type. Counts no work but the bytes.</summary>
/// <param name="Repeats">How many times along each axis; may hold symbols.</param>
public sealed record Tile(ImmutableArray<Dimension> Repeats) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        TensorSpec input = call.Inputs[0];
        if (Repeats.Length != input.Rank || Repeats.Any(repeat => repeat is { IsKnown: true, Value: < 0 }))
        {
            throw call.Error(
                $"the repeats are [{string.Join(", ", Repeats)}]", $"Expected {input.Rank} numbers of at least 0, one for each axis.");
        }

        return [input with { Shape = new Shape([.. input.Shape.Zip(Repeats, (dimension, repeat) => dimension * repeat)]) }];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => CostOf(call, outputs, 0, 0);
}
