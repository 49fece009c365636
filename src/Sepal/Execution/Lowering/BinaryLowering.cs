using System.Diagnostics;
using Sepal.Graphs;
using Sepal.Kernels.Broadcasting;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Runs a function of two numbers over two tensors, repeating the smaller one.</summary>
internal static class BinaryLowering
{
    public static unsafe void Lower(ForwardContext context, Node node)
    {
        BroadcastLayout layout = Layout(context, node);
        BinaryFunction function = ((Binary)node.Operator).Function;
        if (node.Output.Spec.ElementType == ElementType.Float32)
        {
            BroadcastKernel kernel = Kernel(function, layout);
            Add(context, node, layout, (run, buffers, from, to) => kernel.Run(
                run.Floats(buffers[0]), run.Floats(buffers[1]), run.Floats(buffers[2]), from, to));
        }
        else
        {
            Add(context, node, layout, ElementKernel(function, node.Output.Spec.ElementType, layout));
        }
    }

    public static void LowerComparison(ForwardContext context, Node node)
    {
        BroadcastLayout layout = Layout(context, node);
        ElementType type = node.Inputs[0].Spec.ElementType;
        ComparisonFunction function = ((Comparison)node.Operator).Function;
        Add(context, node, layout, function switch
        {
            ComparisonFunction.Equal => ElementBroadcastKernel.Condition<IsEqual>(type, layout),
            ComparisonFunction.Greater => ElementBroadcastKernel.Condition<IsGreater>(type, layout),
            ComparisonFunction.GreaterOrEqual => ElementBroadcastKernel.Condition<IsGreaterOrEqual>(type, layout),
            ComparisonFunction.Less => ElementBroadcastKernel.Condition<IsLess>(type, layout),
            ComparisonFunction.LessOrEqual => ElementBroadcastKernel.Condition<IsLessOrEqual>(type, layout),
            _ => throw new UnreachableException($"The comparison {function} has no kernel."),
        });
    }

    public static void LowerLogical(ForwardContext context, Node node)
    {
        BroadcastLayout layout = Layout(context, node);
        LogicalFunction function = ((Logical)node.Operator).Function;
        Add(context, node, layout, function switch
        {
            LogicalFunction.And => ElementBroadcastKernel.Condition<AreBoth>(ElementType.Boolean, layout),
            LogicalFunction.Or => ElementBroadcastKernel.Condition<IsEither>(ElementType.Boolean, layout),
            LogicalFunction.Xor => ElementBroadcastKernel.Condition<IsOnlyOne>(ElementType.Boolean, layout),
            _ => throw new UnreachableException($"The function {function} has no kernel."),
        });
    }

    private static BroadcastLayout Layout(ForwardContext context, Node node) => BroadcastLayout.Create(
        context.Dimensions(node.Output), context.Dimensions(node.Inputs[0]), context.Dimensions(node.Inputs[1]));

    private static BroadcastKernel Kernel(BinaryFunction function, BroadcastLayout layout) => function switch
    {
        BinaryFunction.Add => BroadcastKernel.Of<Sum>(layout),
        BinaryFunction.Subtract => BroadcastKernel.Of<Difference>(layout),
        BinaryFunction.Multiply => BroadcastKernel.Of<Product>(layout),
        BinaryFunction.Divide => BroadcastKernel.Of<Quotient>(layout),
        BinaryFunction.Minimum => BroadcastKernel.Of<Lesser>(layout),
        BinaryFunction.Maximum => BroadcastKernel.Of<Greater>(layout),
        BinaryFunction.Power => BroadcastKernel.Of<Power>(layout),
        BinaryFunction.PRelu => BroadcastKernel.Of<ParametricRelu>(layout),
        _ => throw new UnreachableException($"The function {function} has no kernel."),
    };

    private static ElementBroadcastKernel ElementKernel(BinaryFunction function, ElementType type, BroadcastLayout layout) =>
        function switch
        {
            BinaryFunction.Add => ElementBroadcastKernel.Of<ElementSum>(type, layout),
            BinaryFunction.Subtract => ElementBroadcastKernel.Of<ElementDifference>(type, layout),
            BinaryFunction.Multiply => ElementBroadcastKernel.Of<ElementProduct>(type, layout),
            BinaryFunction.Divide => ElementBroadcastKernel.Of<ElementQuotient>(type, layout),
            BinaryFunction.Minimum => ElementBroadcastKernel.Of<ElementLesser>(type, layout),
            BinaryFunction.Maximum => ElementBroadcastKernel.Of<ElementGreater>(type, layout),
            BinaryFunction.Power => ElementBroadcastKernel.Of<ElementPower>(type, layout),
            BinaryFunction.PRelu => ElementBroadcastKernel.Of<ElementParametricRelu>(type, layout),
            _ => throw new UnreachableException($"The function {function} has no kernel."),
        };

    private static unsafe void Add(ForwardContext context, Node node, BroadcastLayout layout, ElementBroadcastKernel kernel) =>
        Add(context, node, layout, (run, buffers, from, to) => kernel.Run(
            run.Pointer<byte>(buffers[0]), run.Pointer<byte>(buffers[1]), run.Pointer<byte>(buffers[2]), from, to));

    private static void Add(
        ForwardContext context, Node node, BroadcastLayout layout, Action<RunContext, PlanBuffer[], long, long> body)
    {
        PlanBuffer left = context.Buffer(node.Inputs[0]);
        PlanBuffer right = context.Buffer(node.Inputs[1]);
        PlanBuffer output = context.Allocate(node.Output);
        if (layout.Length == 0)
        {
            return;
        }

        PlanBuffer[] buffers = [left, right, output];
        Partition partition = Partition.OfElements(layout.Length);
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            [left, right],
            [output],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                body(run, buffers, from, to);
            });
    }
}
