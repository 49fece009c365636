using System.Diagnostics;
using Sepal.Operators;

namespace Sepal.Tests.References;

/// <summary>Reductions over any axes: the elements behind every result are collected, then reduced as the textbook has it.</summary>
internal static class ReferenceReduction
{
    public static double[] Forward(ReductionFunction function, double[] input, int[] shape, int[] axes) =>
        [.. Groups(input, shape, axes).Select(group => Apply(function, group))];

    /// <summary>The elements behind each result, in storage order of the results.</summary>
    public static List<double>[] Groups(double[] input, int[] shape, int[] axes)
    {
        bool[] reduced = [.. shape.Select((_, axis) => axes.Length == 0 || axes.Any(other => (other + shape.Length) % shape.Length == axis))];
        var groups = new List<double>[shape.Where((_, axis) => !reduced[axis]).Aggregate(1, (product, extent) => product * extent)];
        for (int index = 0; index < groups.Length; index++)
        {
            groups[index] = [];
        }

        for (int index = 0; index < input.Length; index++)
        {
            int rest = index;
            int group = 0;
            int stride = 1;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                (rest, int coordinate) = Math.DivRem(rest, shape[axis]);
                if (!reduced[axis])
                {
                    group += coordinate * stride;
                    stride *= shape[axis];
                }
            }

            groups[group].Add(input[index]);
        }

        return groups;
    }

    private static double Apply(ReductionFunction function, List<double> group) => function switch
    {
        ReductionFunction.Mean => group.Average(),
        ReductionFunction.Sum => group.Sum(),
        ReductionFunction.Maximum => group.Max(),
        ReductionFunction.Minimum => group.Min(),
        ReductionFunction.Product => group.Aggregate(1.0, (product, value) => product * value),
        ReductionFunction.L1 => group.Sum(Math.Abs),
        ReductionFunction.L2 => Math.Sqrt(group.Sum(value => value * value)),
        ReductionFunction.SumOfSquares => group.Sum(value => value * value),
        ReductionFunction.LogSum => Math.Log(group.Sum()),
        ReductionFunction.LogSumExp => Math.Log(group.Sum(Math.Exp)),
        _ => throw new UnreachableException(),
    };
}
