using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Onnx.Protocol;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>
/// Writes reductions. Axes are the file's where the dimensions stay or the input is no image; otherwise the image is transposed
/// first, so that what is left has Sepal's order.
/// </summary>
internal static class ReductionExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var reduction = (Reduction)node.Operator;
        Value data = node.Inputs[0];
        int rank = data.Spec.Rank;
        int[] axes = reduction.Axes.IsDefaultOrEmpty ? AxisOrder.Same(rank) : [.. reduction.Axes.Select(axis => axis < 0 ? axis + rank : axis)];
        bool inFileOrder = reduction.KeepDimensions || rank != 4;
        long[] fileAxes = [.. axes.Select(axis => (long)(inFileOrder ? AxisOrder.ToFile(axis, rank) : axis))];
        string input = inFileOrder ? context.Name(data) : context.ChannelsLast(data);
        AttributeProto keep = OnnxAttributes.Int("keepdims", reduction.KeepDimensions ? 1 : 0);

        // In opset 17 the sum alone takes its axes as an input.
        ImmutableArray<string> inputs = reduction.Function == ReductionFunction.Sum
            ? [input, context.Integers(node.Name, "axes", fileAxes)]
            : [input];
        AttributeProto[] attributes = reduction.Function == ReductionFunction.Sum ? [keep] : [keep, OnnxAttributes.Ints("axes", fileAxes)];
        if (reduction.KeepDimensions)
        {
            context.Add(node, Type(reduction.Function), inputs, attributes);
        }
        else
        {
            context.AddChannelsLast(node, Type(reduction.Function), inputs, attributes);
        }
    }

    private static string Type(ReductionFunction function) => function switch
    {
        ReductionFunction.Mean => "ReduceMean",
        ReductionFunction.Sum => "ReduceSum",
        ReductionFunction.Maximum => "ReduceMax",
        ReductionFunction.Minimum => "ReduceMin",
        ReductionFunction.Product => "ReduceProd",
        ReductionFunction.L1 => "ReduceL1",
        ReductionFunction.L2 => "ReduceL2",
        ReductionFunction.SumOfSquares => "ReduceSumSquare",
        ReductionFunction.LogSum => "ReduceLogSum",
        _ => "ReduceLogSumExp",
    };
}
