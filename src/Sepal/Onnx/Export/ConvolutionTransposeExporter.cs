using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>ConvTranspose</c>, whose kernels are those of the convolution that it is the transpose of: IOHW.</summary>
internal static class ConvolutionTransposeExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var convolution = (ConvolutionTranspose)node.Operator;
        Padding2D padding = convolution.Padding;
        context.Add(
            node,
            "ConvTranspose",
            [context.Name(node.Inputs[0]), context.Kernel(node.Inputs[1])],
            OnnxAttributes.Ints("kernel_shape", convolution.KernelSize),
            OnnxAttributes.Ints("strides", convolution.Strides),
            OnnxAttributes.Ints("dilations", convolution.DilationRate),
            OnnxAttributes.Ints("pads", padding.Top, padding.Left, padding.Bottom, padding.Right),
            OnnxAttributes.Ints("output_padding", convolution.OutputPadding),
            OnnxAttributes.Int("group", convolution.Groups));
    }
}
