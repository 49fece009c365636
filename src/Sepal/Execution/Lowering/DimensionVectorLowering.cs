using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Writes integers that are known when the plan is made.</summary>
internal static class DimensionVectorLowering
{
    public static void Lower(ForwardContext context, Node node)
    {
        var vector = (DimensionVector)node.Operator;
        long[] elements = [.. vector.Elements.Select(context.Evaluate)];
        int[] narrow = vector.ElementType == ElementType.Int32 ? [.. elements.Select(element => checked((int)element))] : [];
        PlanBuffer output = context.Allocate(node.Output);
        context.Plan.Add(
            node.Name,
            "forward",
            1,
            [],
            [output],
            (run, _, _) =>
            {
                if (vector.ElementType == ElementType.Int32)
                {
                    narrow.CopyTo(run.Span<int>(output));
                }
                else
                {
                    elements.CopyTo(run.Span<long>(output));
                }
            });
    }
}
