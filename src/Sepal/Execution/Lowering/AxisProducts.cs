using Sepal.Kernels.Resampling;

namespace Sepal.Execution.Lowering;

/// <summary>Steps for weighted sums along several axes, one axis after the other.</summary>
internal static class AxisProducts
{
    /// <summary>Adds the steps.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="nodeName">The node they belong to.</param>
    /// <param name="action">What they do there.</param>
    /// <param name="source">The source.</param>
    /// <param name="dimensions">Its dimensions.</param>
    /// <param name="weights">For each axis its weights, or null where it stays; not all are null.</param>
    /// <param name="destination">Where the result goes.</param>
    public static void Add(
        PlanBuilder plan,
        string nodeName,
        string action,
        PlanBuffer source,
        ReadOnlySpan<int> dimensions,
        AxisWeights?[] weights,
        PlanBuffer destination)
    {
        // Axes that shrink come first, so that the others have less to do.
        int[] axes =
        [
            .. Enumerable.Range(0, weights.Length)
                .Where(axis => weights[axis] is not null)
                .OrderBy(axis => weights[axis]!.Length / (double)Math.Max(weights[axis]!.SourceLength, 1)),
        ];
        long[] current = [.. dimensions];
        foreach (int axis in axes)
        {
            long outer = Product(current.AsSpan(0, axis));
            long inner = Product(current.AsSpan(axis + 1));
            current[axis] = weights[axis]!.Length;
            PlanBuffer target = axis == axes[^1] ? destination : plan.Allocate($"{nodeName}/along axis {axis}", Product(current));
            Add(plan, nodeName, $"{action} along axis {axis}", source, target, weights[axis]!, outer, inner);
            source = target;
        }
    }

    private static unsafe void Add(
        PlanBuilder plan, string nodeName, string action, PlanBuffer source, PlanBuffer target, AxisWeights weights, long outer, long inner)
    {
        AxisProduct product = AxisProduct.Create(weights, inner);
        long terms = Math.Max(weights.Positions.Length / Math.Max(weights.Length, 1), 1);
        Partition partition = Partition.OfRows(outer * weights.Length, inner * terms);
        plan.Add(
            nodeName,
            action,
            partition.Parts,
            [source],
            [target],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                product.Run(run.Floats(source), run.Floats(target), from, to);
            });
    }

    private static long Product(ReadOnlySpan<long> extents)
    {
        long product = 1;
        foreach (long extent in extents)
        {
            product = checked(product * extent);
        }

        return product;
    }
}
