using System.Diagnostics;
using Sepal.Graphs;
using Sepal.Kernels.Elementwise;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Runs a function of one number over all elements.</summary>
internal static class UnaryLowering
{
    public static void Lower(ForwardContext context, Node node)
    {
        var unary = (Unary)node.Operator;
        if (node.Output.Spec.ElementType == ElementType.Float32)
        {
            LowerFloats(context, node, Kernel(unary));
        }
        else
        {
            LowerElements(context, node, ElementKernel(unary.Function, node.Output.Spec.ElementType));
        }
    }

    /// <summary>The kernel of a function.</summary>
    public static UnaryKernel Kernel(Unary unary) => unary.Function switch
    {
        UnaryFunction.Relu => UnaryKernel.Of<Relu>(),
        UnaryFunction.Relu6 => UnaryKernel.Of<Relu6>(),
        UnaryFunction.Sigmoid => UnaryKernel.Of<Sigmoid>(),
        UnaryFunction.HardSigmoid => UnaryKernel.Of(new HardSigmoid(unary.Alpha, unary.Beta)),
        UnaryFunction.HardSwish => UnaryKernel.Of<HardSwish>(),
        UnaryFunction.Swish => UnaryKernel.Of<Swish>(),
        UnaryFunction.Tanh => UnaryKernel.Of<Tanh>(),
        UnaryFunction.Gelu => UnaryKernel.Of<Gelu>(),
        UnaryFunction.TanhGelu => UnaryKernel.Of<TanhGelu>(),
        UnaryFunction.LeakyRelu => UnaryKernel.Of(new LeakyRelu(unary.Alpha)),
        UnaryFunction.Elu => UnaryKernel.Of(new Elu(unary.Alpha)),
        UnaryFunction.Selu => UnaryKernel.Of(new Selu(unary.Alpha, unary.Gamma)),
        UnaryFunction.Mish => UnaryKernel.Of<Mish>(),
        UnaryFunction.Softplus => UnaryKernel.Of<Softplus>(),
        UnaryFunction.Erf => UnaryKernel.Of<Erf>(),
        UnaryFunction.Exp => UnaryKernel.Of<Exponential>(),
        UnaryFunction.Log => UnaryKernel.Of<Logarithm>(),
        UnaryFunction.Sqrt => UnaryKernel.Of<SquareRoot>(),
        UnaryFunction.Reciprocal => UnaryKernel.Of<Reciprocal>(),
        UnaryFunction.Abs => UnaryKernel.Of<Abs>(),
        UnaryFunction.Negate => UnaryKernel.Of<Negate>(),
        UnaryFunction.Sign => UnaryKernel.Of<Sign>(),
        UnaryFunction.Floor => UnaryKernel.Of<Floor>(),
        UnaryFunction.Ceiling => UnaryKernel.Of<Ceiling>(),
        UnaryFunction.Round => UnaryKernel.Of<Round>(),
        UnaryFunction.Clip => UnaryKernel.Of(new Clip(unary.Minimum, unary.Maximum)),
        _ => throw new UnreachableException($"The function {unary.Function} has no kernel for floats."),
    };

    private static ElementUnaryKernel ElementKernel(UnaryFunction function, ElementType type) => function switch
    {
        UnaryFunction.Relu => ElementUnaryKernel.Of<ElementRelu>(type),
        UnaryFunction.Abs => ElementUnaryKernel.Of<ElementAbs>(type),
        UnaryFunction.Negate => ElementUnaryKernel.Of<ElementNegate>(type),
        UnaryFunction.Sign => ElementUnaryKernel.Of<ElementSign>(type),
        UnaryFunction.Not => ElementUnaryKernel.Of<ElementNot>(type),
        _ => throw new UnreachableException($"The function {function} has no kernel for {type}."),
    };

    private static unsafe void LowerFloats(ForwardContext context, Node node, UnaryKernel kernel)
    {
        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer output = context.Allocate(node.Output);
        Partition partition = Partition.OfElements(output.FloatCount);
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            [input],
            [output],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                kernel.Forward(run.Floats(input) + from, run.Floats(output) + from, to - from);
            });
    }

    private static unsafe void LowerElements(ForwardContext context, Node node, ElementUnaryKernel kernel)
    {
        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer output = context.Allocate(node.Output);
        Partition partition = Partition.OfElements(context.Length(node.Output));
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
