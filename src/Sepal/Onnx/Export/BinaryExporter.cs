using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes functions of two or three tensors, whose shapes ONNX broadcasts as Sepal does.</summary>
internal static class BinaryExporter
{
    public static void Export(ExportContext context, Node node) => Add(context, node, ((Binary)node.Operator).Function switch
    {
        BinaryFunction.Add => "Add",
        BinaryFunction.Multiply => "Mul",
        BinaryFunction.Subtract => "Sub",
        BinaryFunction.Divide => "Div",
        BinaryFunction.Minimum => "Min",
        BinaryFunction.Maximum => "Max",
        BinaryFunction.Power => "Pow",
        BinaryFunction.PRelu => "PRelu",
        var other => throw new OnnxException($"Node '{node.Name}': {other} has no ONNX form. Replace it."),
    });

    public static void ExportComparison(ExportContext context, Node node) => Add(context, node, ((Comparison)node.Operator).Function.ToString());

    public static void ExportLogical(ExportContext context, Node node) => Add(context, node, ((Logical)node.Operator).Function.ToString());

    public static void ExportWhere(ExportContext context, Node node) => Add(context, node, "Where");

    private static void Add(ExportContext context, Node node, string type) =>
        context.Add(node, type, [.. node.Inputs.Select(input => context.Broadcast(input, node.Output.Spec.Rank))]);
}
