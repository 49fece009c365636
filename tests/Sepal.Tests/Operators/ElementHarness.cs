using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Operators;

/// <summary>Tensors of given elements of any type, and what an operator makes of them.</summary>
internal static class ElementHarness
{
    /// <summary>A tensor of numbers.</summary>
    public static TensorData Tensor<T>(int[] shape, params T[] elements)
        where T : unmanaged =>
        TensorData.Of<T>(new Shape([.. shape.Select(extent => (Dimension)extent)]), TypeOf<T>(), elements);

    /// <summary>A tensor of random numbers: whole ones between −100 and 100, no negative ones for bytes.</summary>
    public static TensorData Random<T>(Random random, params int[] shape)
        where T : unmanaged, System.Numerics.INumber<T> => Tensor(
            shape,
            [.. Enumerable.Range(0, TestNumbers.Length(shape)).Select(_ => T.CreateChecked(random.Next(typeof(T) == typeof(byte) ? 0 : -100, 100)))]);

    /// <summary>A Boolean tensor.</summary>
    public static TensorData Booleans(int[] shape, params bool[] elements) => TensorData.Of<byte>(
        new Shape([.. shape.Select(extent => (Dimension)extent)]), ElementType.Boolean, [.. elements.Select(element => element ? (byte)1 : (byte)0)]);

    /// <summary>Runs an operator; it gives the same bytes for any number of threads.</summary>
    public static TensorData[] Run(Operator @operator, params TensorData[] inputs) => TypedRun.Of(@operator, inputs);

    /// <summary>Checks the only output's elements.</summary>
    public static void AssertGives<T>(T[] expected, Operator @operator, params TensorData[] inputs)
        where T : unmanaged => Assert.Equal(expected, Run(@operator, inputs)[0].Elements<T>().ToArray());

    private static ElementType TypeOf<T>() => default(T) switch
    {
        float => ElementType.Float32,
        long => ElementType.Int64,
        int => ElementType.Int32,
        sbyte => ElementType.Int8,
        byte => ElementType.UInt8,
        _ => throw new ArgumentException($"No element type for {typeof(T)}."),
    };
}
