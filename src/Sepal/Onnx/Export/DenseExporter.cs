using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Onnx.Export;

/// <summary>
/// Writes dense products: as <c>Gemm</c> over rows, as <c>MatMul</c> and <c>Add</c> over tensors, and over images, which are
/// NCHW in the file, as the 1×1 <c>Conv</c> that they are.
/// </summary>
internal static class DenseExporter
{
    public static void Export(ExportContext context, Node node)
    {
        Value data = node.Inputs[0];
        int rank = data.Spec.Rank;
        ImmutableArray<string> factors =
        [
            context.Name(data), rank == 4 ? context.Kernel(node.Inputs[1]) : context.Name(node.Inputs[1]),
        ];
        ImmutableArray<string> bias = node.Inputs.Length == 3 ? [context.Name(node.Inputs[2])] : [];
        switch (rank)
        {
            case 2:
                context.Add(node, "Gemm", [.. factors, .. bias]);
                break;
            case 4:
                context.Add(node, "Conv", [.. factors, .. bias]);
                break;
            default:
                if (bias.IsEmpty)
                {
                    context.Add(node, "MatMul", factors);
                }
                else
                {
                    context.Add(node, "Add", [context.AddPart(node, "product", "MatMul", factors), .. bias]);
                }

                break;
        }
    }
}
