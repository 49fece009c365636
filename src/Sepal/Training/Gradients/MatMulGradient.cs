using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.MatrixProducts;

namespace Sepal.Training.Gradients;

/// <summary>
/// The gradients of a matrix product, which are products again, <c>dy · rightᵀ</c> and <c>leftᵀ · dy</c>, added up over the batch
/// where an operand was repeated along it.
/// </summary>
internal static class MatMulGradient
{
    public static void Add(GradientContext context, Node node)
    {
        MatMulGeometry geometry = MatMulLowering.Geometry(context.Forward, node);
        int[] products = [.. Enumerable.Range(0, geometry.LeftMatrices.Length)];
        if (context.Needs(node.Inputs[0]))
        {
            // The right matrix, stored with Columns to a row, is read as its transpose.
            var shape = new ProductShape(geometry.Rows, geometry.Columns, geometry.Terms)
            {
                RightRowStride = 1,
                RightColumnStride = geometry.Columns,
            };
            Add(
                context,
                node,
                0,
                new MatrixProductSteps(shape, products, geometry.RightMatrices),
                context.OutputGradient(node),
                context.Forward.Buffer(node.Inputs[1]),
                [.. geometry.Batch, geometry.Rows, geometry.Terms],
                geometry.LeftDimensions);
        }

        if (context.Needs(node.Inputs[1]))
        {
            var shape = new ProductShape(geometry.Terms, geometry.Rows, geometry.Columns)
            {
                LeftRowStride = 1,
                LeftStep = geometry.Terms,
            };
            Add(
                context,
                node,
                1,
                new MatrixProductSteps(shape, geometry.LeftMatrices, products),
                context.Forward.Buffer(node.Inputs[0]),
                context.OutputGradient(node),
                [.. geometry.Batch, geometry.Terms, geometry.Columns],
                geometry.RightDimensions);
        }
    }

    private static void Add(
        GradientContext context,
        Node node,
        int index,
        MatrixProductSteps steps,
        PlanBuffer left,
        PlanBuffer right,
        int[] whole,
        int[] operand)
    {
        long length = whole.Aggregate(1L, (product, extent) => product * extent);
        bool isRepeated = length != context.Forward.Length(node.Inputs[index]);
        PlanBuffer gradient = isRepeated
            ? context.Plan.Allocate($"{node.Name}/repeated gradient by input {index}", length)
            : context.InputGradient(node, index);
        steps.Add(context.Plan, node.Name, $"gradient by input {index}", left, right, rightIsStored: false, gradient);
        if (isRepeated)
        {
            BroadcastGradient.AddSums(context, node, index, gradient, whole, operand);
        }
    }
}
