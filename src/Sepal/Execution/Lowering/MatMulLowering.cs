using Sepal.Graphs;
using Sepal.Kernels.MatrixProducts;

namespace Sepal.Execution.Lowering;

/// <summary>Runs matrix products. Where there is one right matrix, all left ones are the rows of one.</summary>
internal static class MatMulLowering
{
    public static void Lower(ForwardContext context, Node node)
    {
        MatMulGeometry geometry = Geometry(context, node);
        PlanBuffer left = context.Buffer(node.Inputs[0]);
        PlanBuffer right = context.Buffer(node.Inputs[1]);
        PlanBuffer output = context.Allocate(node.Output);
        if (output.FloatCount == 0)
        {
            return;
        }

        new MatrixProductSteps(
            new ProductShape(geometry.Rows, geometry.Terms, geometry.Columns), geometry.LeftMatrices, geometry.RightMatrices)
            .Add(context.Plan, node.Name, "forward", left, right, node.Inputs[1] is Parameter or ConstantValue, output);
    }

    /// <summary>A node's numbers, at the plan's concrete shapes.</summary>
    public static MatMulGeometry Geometry(ForwardContext context, Node node) =>
        MatMulGeometry.Create(context.Dimensions(node.Inputs[0]), context.Dimensions(node.Inputs[1]));
}

/// <summary>The numbers of a batch of matrix products.</summary>
internal sealed record MatMulGeometry
{
    /// <summary>The batch's dimensions; none where all left matrices are the rows of one.</summary>
    public required int[] Batch { get; init; }

    public required int Rows { get; init; }

    public required int Terms { get; init; }

    public required int Columns { get; init; }

    /// <summary>For each product of the batch, which left matrix it takes.</summary>
    public required int[] LeftMatrices { get; init; }

    /// <summary>For each product of the batch, which right matrix it takes.</summary>
    public required int[] RightMatrices { get; init; }

    /// <summary>The left operand as matrices.</summary>
    public required int[] LeftDimensions { get; init; }

    /// <summary>The right operand as matrices.</summary>
    public required int[] RightDimensions { get; init; }

    public static MatMulGeometry Create(int[] left, int[] right)
    {
        left = left.Length == 1 ? [1, left[0]] : left;
        right = right.Length == 1 ? [right[0], 1] : right;
        if (right[..^2].All(extent => extent == 1))
        {
            left = [checked((int)left[..^1].Aggregate(1L, (product, extent) => product * extent)), left[^1]];
            right = right[^2..];
        }

        int rank = Math.Max(left.Length, right.Length) - 2;
        int[] batch = [.. Enumerable.Range(0, rank).Select(axis =>
            Extent(left, axis, rank) == 1 ? Extent(right, axis, rank) : Extent(left, axis, rank))];
        int products = batch.Aggregate(1, (product, extent) => checked(product * extent));
        return new MatMulGeometry
        {
            Batch = batch,
            Rows = left[^2],
            Terms = left[^1],
            Columns = right[^1],
            LeftMatrices = [.. Enumerable.Range(0, products).Select(product => Matrix(product, batch, left))],
            RightMatrices = [.. Enumerable.Range(0, products).Select(product => Matrix(product, batch, right))],
            LeftDimensions = left,
            RightDimensions = right,
        };
    }

    private static int Extent(int[] dimensions, int axis, int rank) =>
        axis + dimensions.Length - 2 - rank is >= 0 and var own ? dimensions[own] : 1;

    /// <summary>Which matrix of an operand a product takes: that of its batch index, 0 along dimensions of 1.</summary>
    private static int Matrix(int product, int[] batch, int[] dimensions)
    {
        int matrix = 0;
        int stride = 1;
        for (int axis = batch.Length - 1; axis >= 0; axis--)
        {
            (product, int index) = Math.DivRem(product, batch[axis]);
            int extent = Extent(dimensions, axis, batch.Length);
            matrix += extent == 1 ? 0 : index * stride;
            stride *= extent;
        }

        return matrix;
    }
}
