using System.Diagnostics;
using Sepal.Graphs;
using Sepal.Kernels.Reductions;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Reduces tensors over axes.</summary>
internal static class ReductionLowering
{
    public static void Lower(ForwardContext context, Node node)
    {
        ReductionFunction function = ((Reduction)node.Operator).Function;
        ElementType type = node.Output.Spec.ElementType;
        int[] dimensions = context.Dimensions(node.Inputs[0]);
        var layout = new ReductionLayout(dimensions, Mask(node));
        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer output = context.Allocate(node.Output);
        if (layout.OutputLength == 0)
        {
            return;
        }

        if (type != ElementType.Float32)
        {
            AddIntegers(context, node, layout, IntegerKernel(function, type, layout), input, output);
            return;
        }

        PlanBuffer? largest = null;
        if (function == ReductionFunction.LogSumExp)
        {
            largest = context.Plan.Allocate($"{node.Name}/largest", layout.OutputLength);
            Add(context, node, "largest", layout, ReductionKernel.Of<MaximumReduction>(layout), input, null, largest);
        }

        Add(context, node, "forward", layout, Kernel(function, layout), input, largest, output);
    }

    /// <summary>Whether each of the input's axes is reduced.</summary>
    public static bool[] Mask(Node node) => AxisList.Mask(
        new OperatorCall(node.Name, node.Operator, [node.Inputs[0].Spec]),
        ((Reduction)node.Operator).Axes,
        node.Inputs[0].Spec.Rank);

    private static ReductionKernel Kernel(ReductionFunction function, ReductionLayout layout) => function switch
    {
        ReductionFunction.Mean => ReductionKernel.Of<MeanReduction>(layout),
        ReductionFunction.Sum => ReductionKernel.Of<SumReduction>(layout),
        ReductionFunction.Maximum => ReductionKernel.Of<MaximumReduction>(layout),
        ReductionFunction.Minimum => ReductionKernel.Of<MinimumReduction>(layout),
        ReductionFunction.Product => ReductionKernel.Of<ProductReduction>(layout),
        ReductionFunction.L1 => ReductionKernel.Of<AbsoluteSumReduction>(layout),
        ReductionFunction.L2 => ReductionKernel.Of<EuclideanReduction>(layout),
        ReductionFunction.SumOfSquares => ReductionKernel.Of<SquareSumReduction>(layout),
        ReductionFunction.LogSum => ReductionKernel.Of<LogarithmOfSumReduction>(layout),
        ReductionFunction.LogSumExp => ReductionKernel.Of<LogarithmOfPowersReduction>(layout),
        _ => throw new UnreachableException($"The function {function} has no kernel."),
    };

    private static IntegerReductionKernel IntegerKernel(ReductionFunction function, ElementType type, ReductionLayout layout) =>
        function switch
        {
            ReductionFunction.Mean => IntegerReductionKernel.Of<IntegerMean>(type, layout),
            ReductionFunction.Sum => IntegerReductionKernel.Of<IntegerSum>(type, layout),
            ReductionFunction.Maximum => IntegerReductionKernel.Of<IntegerMaximum>(type, layout),
            ReductionFunction.Minimum => IntegerReductionKernel.Of<IntegerMinimum>(type, layout),
            ReductionFunction.Product => IntegerReductionKernel.Of<IntegerProduct>(type, layout),
            ReductionFunction.L1 => IntegerReductionKernel.Of<IntegerAbsoluteSum>(type, layout),
            ReductionFunction.SumOfSquares => IntegerReductionKernel.Of<IntegerSquareSum>(type, layout),
            _ => throw new UnreachableException($"The function {function} has no kernel for {type}."),
        };

    private static unsafe void Add(
        ForwardContext context,
        Node node,
        string action,
        ReductionLayout layout,
        ReductionKernel kernel,
        PlanBuffer input,
        PlanBuffer? shifts,
        PlanBuffer output)
    {
        Partition rows = Partition.OfRows(layout.OuterLength, layout.ReducedLength * (layout.OutputLength / layout.OuterLength));
        Partition columns = layout.IsRows
            ? new Partition(1, 1)
            : Partition.OfChannels(layout.InnerLength, layout.ReducedLength);
        context.Plan.Add(
            node.Name,
            action,
            rows.Parts * columns.Parts,
            shifts is null ? [input] : [input, shifts],
            [output],
            (run, part, _) =>
            {
                (int rowPart, int columnPart) = Math.DivRem(part, columns.Parts);
                (long from, long to) = rows.Range(rowPart);
                (long fromColumn, long toColumn) = columns.Range(columnPart);
                kernel.Run(
                    run.Floats(input), shifts is null ? null : run.Floats(shifts), run.Floats(output), from, to, fromColumn, toColumn);
            });
    }

    private static unsafe void AddIntegers(
        ForwardContext context, Node node, ReductionLayout layout, IntegerReductionKernel kernel, PlanBuffer input, PlanBuffer output)
    {
        Partition partition = Partition.OfRows(layout.OutputLength, layout.ReducedLength);
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            [input],
            [output],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Run(run.Pointer<byte>(input), run.Pointer<byte>(output), from, to);
            });
    }
}
