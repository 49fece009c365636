using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>
/// Bounds, which are attributes before operator set 11 and inputs since. Known bounds of floats are attributes of the
/// function; integers, and bounds that are computed, are compared with the bounds as tensors.
/// </summary>
internal static class ClipImporter
{
    public static void Import(NodeImport node)
    {
        TensorLayout layout = node.NativeLayout(0);
        Value input = node.In(layout, 0);
        bool known = node.Opset < 11 || (IsKnown(node, 1) && IsKnown(node, 2));
        if (known && input.Spec.ElementType == ElementType.Float32)
        {
            float minimum = node.Opset < 11 ? node.Attributes.Float("min", float.NegativeInfinity) : Bound(node, 1, float.NegativeInfinity);
            float maximum = node.Opset < 11 ? node.Attributes.Float("max", float.PositiveInfinity) : Bound(node, 2, float.PositiveInfinity);
            node.Output(0, node.Add(Operator(minimum, maximum), [input]), layout);
            return;
        }

        (bool hasMinimum, bool hasMaximum) = (node.HasInput(1), node.HasInput(2));
        if (!hasMinimum && !hasMaximum)
        {
            node.OutputSame(0, 0);
            return;
        }

        int rank = node.Input(0).Rank;
        Value raised = hasMinimum
            ? node.Add(new Binary(BinaryFunction.Maximum), [input, node.AlignedInput(1, rank, layout)], hasMaximum ? "minimum" : null)
            : input;
        Value result = hasMaximum ? node.Add(new Binary(BinaryFunction.Minimum), [raised, node.AlignedInput(2, rank, layout)]) : raised;
        node.Output(0, result, layout);
    }

    private static bool IsKnown(NodeImport node, int index) => !node.HasInput(index) || node.Input(index).IsConstant;

    private static float Bound(NodeImport node, int index, float otherwise) => !node.HasInput(index)
        ? otherwise
        : node.Floats(index) is [var bound]
            ? bound
            : throw node.Error($"input {index} has the shape {node.Input(index).Shape}", "A bound is a single number.");

    /// <summary>Bounds that make a rectifier are told as one.</summary>
    private static Unary Operator(float minimum, float maximum) => (minimum, maximum) switch
    {
        (0, 6) => new Unary(UnaryFunction.Relu6),
        (0, float.PositiveInfinity) => new Unary(UnaryFunction.Relu),
        _ => new Unary(UnaryFunction.Clip) { Minimum = minimum, Maximum = maximum },
    };
}
