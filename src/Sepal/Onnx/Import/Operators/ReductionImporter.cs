using System.Diagnostics;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Reductions over axes, which are an attribute or, in later operator sets, an input.</summary>
internal static class ReductionImporter
{
    public static void Import(NodeImport node)
    {
        int rank = node.Input(0).Rank;
        long[] given = node.HasInput(1) ? node.Int64s(1) : node.Attributes.Ints("axes") ?? [];
        if (given.Length == 0 && node.Attributes.Flag("noop_with_empty_axes", false))
        {
            node.OutputSame(0, 0);
            return;
        }

        bool keep = node.Attributes.Flag("keepdims", true);
        int[] axes = given.Length == 0 ? [.. Enumerable.Range(0, rank)] : [.. given.Select(axis => node.Axis(axis, rank)).Distinct()];
        var input = ReducedAxes.Of(node, axes, keep);
        ReductionFunction function = Function(node.OperatorType);
        var reduction = new Reduction(function, [.. input.Axes]) { KeepDimensions = keep };
        ElementType type = input.Value.Spec.ElementType;
        bool needsFloats = function is ReductionFunction.L2 or ReductionFunction.LogSum or ReductionFunction.LogSumExp;
        if (type == ElementType.Float32 || !needsFloats)
        {
            node.Output(0, node.Add(reduction, [input.Value]), input.Layout);
            return;
        }

        Value floats = node.Add(new Cast(ElementType.Float32), [input.Value], "cast");
        Value reduced = node.Add(reduction, [floats], "reduce");
        node.Output(0, node.Add(new Cast(type), [reduced]), input.Layout);
    }

    private static ReductionFunction Function(string operatorType) => operatorType switch
    {
        "ReduceMean" => ReductionFunction.Mean,
        "ReduceSum" => ReductionFunction.Sum,
        "ReduceMax" => ReductionFunction.Maximum,
        "ReduceMin" => ReductionFunction.Minimum,
        "ReduceProd" => ReductionFunction.Product,
        "ReduceL1" => ReductionFunction.L1,
        "ReduceL2" => ReductionFunction.L2,
        "ReduceSumSquare" => ReductionFunction.SumOfSquares,
        "ReduceLogSum" => ReductionFunction.LogSum,
        "ReduceLogSumExp" => ReductionFunction.LogSumExp,
        _ => throw new UnreachableException($"The operator {operatorType} is not a reduction."),
    };
}
