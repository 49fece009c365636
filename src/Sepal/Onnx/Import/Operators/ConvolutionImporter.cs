using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Convolution in one or two dimensions, with any groups; one dimension runs as an image of one row.</summary>
internal static class ConvolutionImporter
{
    public static void Import(NodeImport node)
    {
        ImportedValue kernel = node.Input(1);
        var window = WindowImport.Read(node, kernel.Shape);
        Value image = WindowImport.Image(node);
        long filters = kernel.Shape[0].Value;
        Shape kernelShape = [window.KernelSize.Height, window.KernelSize.Width, kernel.Shape[1], kernel.Shape[0]];
        int[] toHwio = kernel.Rank == 3 ? [2, 1, 0] : [2, 3, 1, 0];
        ImmutableArray<Value> inputs = [image, node.Weight(1, toHwio, kernelShape)];
        if (node.HasInput(2))
        {
            inputs = inputs.Add(node.Vector(2));
        }

        var convolution = new Convolution(checked((int)filters), window.KernelSize)
        {
            Strides = window.Strides,
            DilationRate = window.DilationRate,
            Padding = window.Padding,
            Groups = node.Attributes.Int32("group", 1),
        };
        WindowImport.OutputImage(node, 0, node.Add(convolution, inputs));
    }
}
