using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>Functions of two numbers.</summary>
public enum BinaryFunction
{
    /// <summary>The sum.</summary>
    Add,

    /// <summary>The product.</summary>
    Multiply,
}

/// <summary>
/// A function of two tensors, element by element. Dimensions of 1 are stretched and missing leading ones added, as NumPy
/// broadcasts. Element operations: one an output element.
/// </summary>
/// <param name="Function">Which.</param>
public sealed record Binary(BinaryFunction Function) : Operator
{
    /// <inheritdoc/>
    public override string Name => Function.ToString();

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(2, 2, "two tensors");
        TensorSpec left = call.Inputs[0];
        TensorSpec right = call.Inputs[1];
        int rank = Math.Max(left.Rank, right.Rank);
        var dimensions = new Dimension[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            Dimension a = At(left.Shape, axis, rank);
            Dimension b = At(right.Shape, axis, rank);
            if (a != b && a != 1 && b != 1)
            {
                throw call.Error(
                    $"the shapes differ in dimension {axis}: {a} and {b}",
                    "Dimensions must be equal, or 1 to be repeated.");
            }

            dimensions[axis] = a == 1 ? b : a;
        }

        TensorSpec larger = left.Rank >= right.Rank ? left : right;
        return [larger with { Shape = new Shape(dimensions) }];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount);

    private static Dimension At(Shape shape, int axis, int rank) =>
        axis < rank - shape.Rank ? 1 : shape[axis - (rank - shape.Rank)];
}
