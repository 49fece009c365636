using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes convolutions of every kind as <c>Conv</c>, with OIHW kernels.</summary>
internal static class ConvolutionExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var convolution = (Convolution)node.Operator;
        ImmutableArray<string> inputs = [context.Name(node.Inputs[0]), context.Kernel(node.Inputs[1])];
        context.Add(
            node,
            "Conv",
            node.Inputs.Length == 3 ? [.. inputs, context.Name(node.Inputs[2])] : inputs,
            [.. WindowAttributes.Of(node, convolution.Window, node.Inputs[0]), OnnxAttributes.Int("group", convolution.Groups)]);
    }
}
