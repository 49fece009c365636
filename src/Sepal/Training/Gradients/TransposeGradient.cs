using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Kernels.Copying;
using Sepal.Operators;

namespace Sepal.Training.Gradients;

/// <summary>The gradient of other axes: the output's, with the axes put back.</summary>
internal static class TransposeGradient
{
    public static void Add(GradientContext context, Node node)
    {
        PlanBuffer outputGradient = context.OutputGradient(node);
        int[] permutation = [.. ((Transpose)node.Operator).Permutation];
        int[] inverse = [.. Enumerable.Range(0, permutation.Length).Select(axis => Array.IndexOf(permutation, axis))];
        TransposeKernel? kernel = TransposeKernel.Create(context.Forward.Dimensions(node.Output), inverse);
        if (kernel is null)
        {
            context.Contribute(node.Inputs[0], outputGradient);
            return;
        }

        PlanBuffer inputGradient = context.InputGradient(node, 0);
        TransposeLowering.Add(context.Plan, node.Name, "gradient", kernel, outputGradient, inputGradient, sizeof(float));
    }
}
