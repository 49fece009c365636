using System.Runtime.InteropServices;
using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Operators;

/// <summary>Runs one operator or a graph on tensors of any element type, on memory that starts as ones in every bit.</summary>
internal static class TypedRun
{
    private static readonly Dictionary<string, long> NoSymbols = [];

    /// <summary>Runs one operator on inputs of known shapes, with one, two and three threads, and compares the bits.</summary>
    /// <param name="operator">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <returns>Its outputs.</returns>
    public static TensorData[] Of(Operator @operator, params TensorData[] inputs)
    {
        var builder = new GraphBuilder();

        // A graph has no empty inputs, but it may have empty constants.
        Value[] values = [.. inputs.Select((input, index) => input.Length == 0
            ? builder.Constant($"input_{index}", input)
            : builder.Input($"input_{index}", new TensorSpec(input.Shape, input.ElementType)))];
        inputs = [.. inputs.Where(input => input.Length > 0)];
        Graph graph = builder.Build([.. builder.Add("operator", @operator, [.. values]).Outputs]);
        TensorData[] outputs = Of(graph, NoSymbols, 1, inputs);
        foreach (int threads in (int[])[2, 3])
        {
            TensorData[] again = Of(graph, NoSymbols, threads, inputs);
            Assert.All(outputs.Zip(again), pair => Assert.True(pair.First.Bytes.Span.SequenceEqual(pair.Second.Bytes.Span)));
        }

        return outputs;
    }

    /// <summary>Runs a graph.</summary>
    /// <param name="graph">The graph; its parameters are left as they are initialised.</param>
    /// <param name="symbols">Values for the open dimensions.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="inputs">The graph's inputs, in its order.</param>
    /// <returns>The graph's outputs.</returns>
    public static unsafe TensorData[] Of(
        Graph graph, IReadOnlyDictionary<string, long> symbols, int threads, params TensorData[] inputs)
    {
        using var store = new ParameterStore(graph);
        store.Initialize(1);
        ForwardPlan forward = PlanCompiler.CompileInference(graph, store, symbols);
        using var context = new RunContext(forward.Plan, threads);
        using var prepared = new AlignedMemory(forward.Plan.PreparedBytes);
        store.Bind(context);
        context.Bind(MemorySpace.Prepared, prepared);
        context.Span<byte>(new PlanBuffer("everything", MemorySpace.Arena, forward.Plan.ArenaBytes) { Offset = 0 }).Fill(0xFF);
        Executor.Run(forward.Plan.Preparation, context, TestContext.Current.CancellationToken);
        for (int index = 0; index < inputs.Length; index++)
        {
            inputs[index].Bytes.Span.CopyTo(context.Span<byte>(forward.Inputs[index]));
        }

        Executor.Run(forward.Plan.Steps, context, TestContext.Current.CancellationToken);
        return [.. graph.Outputs.Select((output, index) => new TensorData(
            output.Shape.Resolve(symbols), output.Spec.ElementType, context.Span<byte>(forward.Outputs[index]).ToArray()))];
    }

    /// <summary>A tensor of numbers that count up, each different as long as they fit the type.</summary>
    public static TensorData Counting(ElementType type, params int[] shape)
    {
        byte[] bytes = new byte[TestNumbers.Length(shape) * type.ByteSize()];
        int size = type.ByteSize();
        for (int index = 0; index < bytes.Length / size; index++)
        {
            switch (size)
            {
                case 1:
                    bytes[index] = type == ElementType.Boolean ? (byte)(index * 7 % 5 % 2) : (byte)index;
                    break;
                case 2:
                    MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan())[index] = (ushort)index;
                    break;
                case 4:
                    MemoryMarshal.Cast<byte, int>(bytes.AsSpan())[index] = index;
                    break;
                default:
                    MemoryMarshal.Cast<byte, long>(bytes.AsSpan())[index] = index;
                    break;
            }
        }

        return new TensorData(Shape(shape), type, bytes);
    }

    /// <summary>A shape of numbers.</summary>
    public static Shape Shape(params int[] dimensions) => new([.. dimensions.Select(dimension => (Dimension)dimension)]);

    /// <summary>
    /// The tensor whose elements are those of another one, each found by its coordinates; null for a zero. Works on the bytes,
    /// so for any element type.
    /// </summary>
    public static TensorData Gathered(TensorData source, int[] shape, Func<int[], int[]?> coordinates)
    {
        int size = source.ElementType.ByteSize();
        int[] extents = [.. source.Shape.Select(dimension => (int)dimension.Value)];
        byte[] bytes = new byte[TestNumbers.Length(shape) * size];
        for (int index = 0; index < bytes.Length / size; index++)
        {
            if (coordinates(Coordinates(index, shape)) is { } place)
            {
                int from = place.Zip(extents).Aggregate(0, (sum, pair) => (sum * pair.Second) + pair.First);
                source.Bytes.Span.Slice(from * size, size).CopyTo(bytes.AsSpan(index * size));
            }
        }

        return new TensorData(Shape(shape), source.ElementType, bytes);
    }

    /// <summary>Fails unless two tensors have the same shape, type and bytes.</summary>
    public static void AssertSame(TensorData expected, TensorData actual, string what)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ElementType, actual.ElementType);
        int difference = expected.Bytes.Span.CommonPrefixLength(actual.Bytes.Span);
        Assert.True(
            difference == expected.Bytes.Length, $"{what}: element {difference / expected.ElementType.ByteSize()} of {expected.Length} differs.");
    }

    private static int[] Coordinates(int index, int[] shape)
    {
        var coordinates = new int[shape.Length];
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            (index, coordinates[axis]) = Math.DivRem(index, shape[axis]);
        }

        return coordinates;
    }
}
