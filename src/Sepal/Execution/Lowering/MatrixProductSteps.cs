using Sepal.Kernels.MatrixProducts;

namespace Sepal.Execution.Lowering;

/// <summary>
/// Steps for many matrix products of one shape: for each, which matrix of the left and which of the right buffer it takes.
/// Products are stored one after the other.
/// </summary>
internal sealed record MatrixProductSteps(ProductShape Shape, int[] LeftMatrices, int[] RightMatrices)
{
    // Multiply-adds worth handing to a thread, and rows that repay reading the packed matrix.
    private const long SmallestPart = 1 << 19;
    private const long FewestRows = 24;

    /// <summary>Floats of one left matrix.</summary>
    private long LeftLength => (long)Shape.Rows * Shape.Terms;

    /// <summary>Floats of one right matrix.</summary>
    private long RightLength => (long)Shape.Terms * Shape.Columns;

    private int RightCount => RightMatrices.Max() + 1;

    /// <summary>Adds steps that pack the right matrices (or one that prepares them once) and multiply.</summary>
    public unsafe void Add(
        PlanBuilder plan, string nodeName, string action, PlanBuffer left, PlanBuffer right, bool rightIsStored, PlanBuffer output)
    {
        PlainProduct kernel = PlainProduct.Create(Shape);
        PlanBuffer packed = Pack(plan, nodeName, $"pack for {action}", kernel, right, rightIsStored);
        int products = LeftMatrices.Length;
        Partition rows = Partition.Of(
            Shape.Rows, Math.Max(SmallestPart / Math.Max((long)Shape.Terms * Shape.Columns, 1), FewestRows), 1);
        plan.Add(
            nodeName,
            action,
            rows.Parts * products,
            [left, packed],
            [output],
            (run, part, _) =>
            {
                (int product, int rowPart) = Math.DivRem(part, rows.Parts);
                (long from, long to) = rows.Range(rowPart);
                kernel.Run(
                    run.Floats(left) + (LeftMatrices[product] * LeftLength),
                    run.Floats(packed) + (RightMatrices[product] * kernel.PackedLength),
                    run.Floats(output) + ((long)product * Shape.Rows * Shape.Columns),
                    from,
                    to);
            });
    }

    private unsafe PlanBuffer Pack(
        PlanBuilder plan, string nodeName, string action, PlainProduct kernel, PlanBuffer right, bool isStored)
    {
        int count = RightCount;
        long rightLength = RightLength;
        if (isStored)
        {
            return plan.Prepare(nodeName, action, right, count * kernel.PackedLength, destination => (run, _, _) =>
            {
                for (int matrix = 0; matrix < count; matrix++)
                {
                    kernel.Pack(run.Floats(right) + (matrix * rightLength), run.Floats(destination) + (matrix * kernel.PackedLength));
                }
            });
        }

        PlanBuffer packed = plan.Allocate($"{nodeName}/{action}", count * kernel.PackedLength);
        plan.Add(
            nodeName,
            action,
            count,
            [right],
            [packed],
            (run, matrix, _) => kernel.Pack(
                run.Floats(right) + (matrix * rightLength), run.Floats(packed) + (matrix * kernel.PackedLength)));
        return packed;
    }
}
