using System.Collections.Immutable;
using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Operators;

/// <summary>
/// Runs one operator on tensors of any element types, several ways that must give the same bytes, on memory that starts out
/// full of ones.
/// </summary>
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

    /// <summary>Runs an operator.</summary>
    /// <param name="operator">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <returns>Its outputs.</returns>
    public static TensorData[] Run(Operator @operator, params TensorData[] inputs)
    {
        TensorData[] first = Run(@operator, inputs, new RunOptions());
        foreach (RunOptions options in RunOptions.Variants)
        {
            TensorData[] other = Run(@operator, inputs, options);
            for (int index = 0; index < first.Length; index++)
            {
                Assert.True(first[index].Bytes.Span.SequenceEqual(other[index].Bytes.Span), $"{@operator}, output {index}, {options}");
            }
        }

        return first;
    }

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

    private static TensorData[] Run(Operator @operator, TensorData[] inputs, RunOptions options)
    {
        var builder = new GraphBuilder();
        Value[] values = [.. inputs.Select((input, index) =>
            builder.Input($"input_{index}", new TensorSpec(input.Shape, input.ElementType)))];
        Node node = builder.Add("operator", @operator, [.. values]);
        Graph graph = builder.Build([.. node.Outputs]);
        using var store = new ParameterStore(graph);
        ForwardPlan forward = PlanCompiler.CompileInference(graph, store, ImmutableDictionary<string, long>.Empty, options.ShareMemory);
        using var context = new RunContext(forward.Plan, options.Threads);
        store.Bind(context);
        using var prepared = new AlignedMemory(forward.Plan.PreparedBytes);
        context.Bind(MemorySpace.Prepared, prepared);
        context.Span<byte>(new PlanBuffer("everything", MemorySpace.Arena, forward.Plan.ArenaBytes) { Offset = 0 }).Fill(0xff);
        Executor.Run(forward.Plan.Preparation, context, TestContext.Current.CancellationToken);
        for (int index = 0; index < inputs.Length; index++)
        {
            inputs[index].Bytes.Span.CopyTo(context.Span<byte>(forward.Inputs[index]));
        }

        Executor.Run(forward.Plan.Steps, context, TestContext.Current.CancellationToken);
        return [.. forward.Outputs.Select((buffer, index) => new TensorData(
            node.Outputs[index].Shape, node.Outputs[index].Spec.ElementType, context.Span<byte>(buffer).ToArray()))];
    }
}
