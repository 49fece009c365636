using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>
/// Powers, whose base and exponent may be of different types; the result has the base's. A square is a product, which is
/// faster and has the same gradient.
/// </summary>
internal static class PowerImporter
{
    public static void Import(NodeImport node)
    {
        if (node.HasInput(1) && node.Input(0).StorageType == ElementType.Float32 && IsTwo(node.Input(1)))
        {
            TensorLayout native = node.NativeLayout(0);
            Value value = node.In(native, 0);
            node.Output(0, node.Add(new Binary(BinaryFunction.Multiply), [value, value]), native);
            return;
        }

        (ImmutableArray<Value> values, TensorLayout layout) = LegacyBroadcast.Aligned(node);
        ElementType type = values[0].Spec.ElementType;
        bool asFloats = type == ElementType.Float32 || values[1].Spec.ElementType == ElementType.Float32;
        ElementType computed = asFloats ? ElementType.Float32 : type;
        Value power = node.Add(
            new Binary(BinaryFunction.Power),
            [Cast(node, values[0], computed, "base"), Cast(node, values[1], computed, "exponent")],
            computed == type ? null : "power");
        node.Output(0, computed == type ? power : node.Add(new Cast(type), [power]), layout);
    }

    private static bool IsTwo(ImportedValue exponent) =>
        exponent is { Data.Length: 1, Rank: <= 1 }
        && (exponent.StorageType == ElementType.Float32
            ? exponent.Data.Elements<float>()[0] == 2
            : IntegerElements.Read(exponent.Data) is [2]);

    private static Value Cast(NodeImport node, Value value, ElementType type, string part) =>
        value.Spec.ElementType == type ? value : node.Add(new Cast(type), [value], part);
}
