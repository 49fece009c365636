using System.Diagnostics;
using Sepal.Graphs;
using Sepal.Kernels.Elementwise;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Runs a function of one number over all elements.</summary>
internal static class UnaryLowering
{
    public static unsafe void Lower(ForwardContext context, Node node)
    {
        UnaryKernel kernel = Kernel(((Unary)node.Operator).Function);
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

    /// <summary>The kernel of a function.</summary>
    public static UnaryKernel Kernel(UnaryFunction function) => function switch
    {
        UnaryFunction.Relu => UnaryKernel.Of<Relu>(),
        UnaryFunction.Relu6 => UnaryKernel.Of<Relu6>(),
        UnaryFunction.Sigmoid => UnaryKernel.Of<Sigmoid>(),
        UnaryFunction.HardSigmoid => UnaryKernel.Of<HardSigmoid>(),
        UnaryFunction.HardSwish => UnaryKernel.Of<HardSwish>(),
        UnaryFunction.Swish => UnaryKernel.Of<Swish>(),
        UnaryFunction.Tanh => UnaryKernel.Of<Tanh>(),
        UnaryFunction.Gelu => UnaryKernel.Of<Gelu>(),
        _ => throw new UnreachableException($"The function {function} has no kernel."),
    };
}
