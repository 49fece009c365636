using System.Numerics;
using Sepal.Graphs;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Numbers that count up or down: known while importing, or not at all.</summary>
internal static class RangeImporter
{
    /// <summary>Far more than the positions of any image.</summary>
    private const int Most = 1 << 24;

    public static void Import(NodeImport node)
    {
        ElementType type = node.Input(0).DeclaredType;
        TensorData[] bounds = [node.Constant(0), node.Constant(1), node.Constant(2)];
        if (bounds.Any(bound => bound.Length != 1 || bound.ElementType != StorageTypes.Of(type)))
        {
            throw node.Error(
                $"its inputs are {string.Join(", ", bounds.Select(bound => $"{bound.ElementType} {bound.Shape}"))}",
                "Expected a start, a limit and a step: one number each, of one type.");
        }

        TensorData numbers = StorageTypes.Of(type) switch
        {
            ElementType.Float32 => Count<float>(node, bounds, ElementType.Float32),
            ElementType.Int32 => Count<int>(node, bounds, ElementType.Int32),
            ElementType.Int64 => Count<long>(node, bounds, ElementType.Int64),
            _ => throw node.Error($"its inputs are {type}", "Expected Float32, Float64, Int16, Int32 or Int64."),
        };
        node.OutputConstant(0, numbers, type);
    }

    private static TensorData Count<T>(NodeImport node, TensorData[] bounds, ElementType type)
        where T : unmanaged, INumber<T>
    {
        T start = bounds[0].Elements<T>()[0];
        T step = bounds[2].Elements<T>()[0];
        double exact = (double.CreateTruncating(bounds[1].Elements<T>()[0]) - double.CreateTruncating(start)) / double.CreateTruncating(step);
        if (!(exact <= Most))
        {
            throw node.Error(
                $"it counts from {start} to {bounds[1].Elements<T>()[0]} by {step}", $"Expected a step other than 0 and at most {Most} numbers.");
        }

        int count = (int)Math.Max(Math.Ceiling(exact), 0);
        node.Take((long)count * type.ByteSize());
        var numbers = new T[count];
        for (int index = 0; index < numbers.Length; index++)
        {
            numbers[index] = start + (T.CreateTruncating(index) * step);
        }

        return TensorData.Of<T>([numbers.Length], type, numbers);
    }
}
