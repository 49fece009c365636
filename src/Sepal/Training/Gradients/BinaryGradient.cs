using System.Diagnostics;
using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Kernels.Broadcasting;
using Sepal.Operators;

namespace Sepal.Training.Gradients;

/// <summary>
/// The gradients of a function of two tensors by each, added up where the operand was repeated. A sum's and a product's are
/// added up as they are computed; the others' are first computed at the output's size.
/// </summary>
internal static class BinaryGradient
{
    public static void Add(GradientContext context, Node node)
    {
        for (int index = 0; index < 2; index++)
        {
            if (context.Needs(node.Inputs[index]))
            {
                Add(context, node, index);
            }
        }
    }

    private static void Add(GradientContext context, Node node, int index)
    {
        BinaryFunction function = ((Binary)node.Operator).Function;
        bool isProduct = function == BinaryFunction.Multiply;
        bool isPassed = function == BinaryFunction.Add || (function == BinaryFunction.Subtract && index == 0);
        bool isRepeated = context.Forward.Length(node.Inputs[index]) != context.Forward.Length(node.Output);
        if (!isPassed && !isProduct)
        {
            AddFunction(context, node, index, isRepeated);
        }
        else if (isRepeated)
        {
            BroadcastGradient.AddSums(context, node, index, context.OutputGradient(node), isProduct ? node.Inputs[1 - index] : null);
        }
        else if (isProduct)
        {
            AddProduct(context, node, index);
        }
        else
        {
            context.Contribute(node.Inputs[index], context.OutputGradient(node));
        }
    }

    private static BroadcastGradientKernel Kernel(BinaryFunction function, int index, BroadcastLayout layout) =>
        (function, index) switch
        {
            (BinaryFunction.Subtract, 1) => BroadcastGradientKernel.Of<NegatedGradient>(layout),
            (BinaryFunction.Divide, 0) => BroadcastGradientKernel.Of<DividendGradient>(layout),
            (BinaryFunction.Divide, 1) => BroadcastGradientKernel.Of<DivisorGradient>(layout),
            (BinaryFunction.Minimum, 0) => BroadcastGradientKernel.Of<LeftLesserGradient>(layout),
            (BinaryFunction.Minimum, 1) => BroadcastGradientKernel.Of<RightLesserGradient>(layout),
            (BinaryFunction.Maximum, 0) => BroadcastGradientKernel.Of<LeftGreaterGradient>(layout),
            (BinaryFunction.Maximum, 1) => BroadcastGradientKernel.Of<RightGreaterGradient>(layout),
            (BinaryFunction.Power, 0) => BroadcastGradientKernel.Of<BaseGradient>(layout),
            (BinaryFunction.Power, 1) => BroadcastGradientKernel.Of<ExponentGradient>(layout),
            (BinaryFunction.PRelu, 0) => BroadcastGradientKernel.Of<ParametricReluGradient>(layout),
            (BinaryFunction.PRelu, 1) => BroadcastGradientKernel.Of<SlopeGradient>(layout),
            _ => throw new UnreachableException($"The function {function} has no kernel for its gradient by operand {index}."),
        };

    private static unsafe void AddFunction(GradientContext context, Node node, int index, bool isRepeated)
    {
        int[] whole = context.Forward.Dimensions(node.Output);
        var layout = BroadcastLayout.Create(
            whole, context.Forward.Dimensions(node.Inputs[0]), context.Forward.Dimensions(node.Inputs[1]));
        BroadcastGradientKernel kernel = Kernel(((Binary)node.Operator).Function, index, layout);
        PlanBuffer left = context.Forward.Buffer(node.Inputs[0]);
        PlanBuffer right = context.Forward.Buffer(node.Inputs[1]);
        PlanBuffer outputGradient = context.OutputGradient(node);
        PlanBuffer gradient = isRepeated
            ? context.Plan.Allocate($"{node.Name}/repeated gradient by input {index}", layout.Length)
            : context.InputGradient(node, index);
        Partition partition = Partition.OfElements(layout.Length);
        context.Plan.Add(
            node.Name,
            $"gradient by input {index}",
            partition.Parts,
            [left, right, outputGradient],
            [gradient],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Run(
                    run.Floats(left), run.Floats(right), run.Floats(outputGradient), run.Floats(gradient), from, to);
            });
        if (isRepeated)
        {
            BroadcastGradient.AddSums(context, node, index, gradient, weights: null);
        }
    }

    private static unsafe void AddProduct(GradientContext context, Node node, int index)
    {
        Value other = node.Inputs[1 - index];
        int[] whole = context.Forward.Dimensions(node.Output);
        BroadcastKernel kernel = BroadcastKernel.Of<Product>(
            BroadcastLayout.Create(whole, whole, context.Forward.Dimensions(other)));
        PlanBuffer factor = context.Forward.Buffer(other);
        PlanBuffer outputGradient = context.OutputGradient(node);
        PlanBuffer inputGradient = context.InputGradient(node, index);
        Partition partition = Partition.OfElements(inputGradient.FloatCount);
        context.Plan.Add(
            node.Name,
            $"gradient by input {index}",
            partition.Parts,
            [outputGradient, factor],
            [inputGradient],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Run(run.Floats(outputGradient), run.Floats(factor), run.Floats(inputGradient), from, to);
            });
    }
}
