using System.Collections.Immutable;
using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Training.Gradients;
using Xunit;

namespace Sepal.Tests.Operators;

/// <summary>How a plan is run: none of these but the seed and the step may change a bit of the result.</summary>
internal sealed record RunOptions(int Threads = 1, bool ShareMemory = true)
{
    public ulong Seed { get; init; } = 7;

    public long StepNumber { get; init; }

    /// <summary>Whether a training plan computes nodes together where it can.</summary>
    public bool Fuses { get; init; } = true;

    /// <summary>Every way of running that must give the same bits.</summary>
    public static RunOptions[] Variants { get; } = [new(1), new(2), new(3), new(1, ShareMemory: false), new(3, ShareMemory: false)];
}

/// <summary>What one training step left: outputs, gradients by trainable parameter, and all parameters, by name.</summary>
internal sealed record TrainingRun(
    float[][] Outputs, IReadOnlyDictionary<string, float[]> Gradients, IReadOnlyDictionary<string, float[]> Parameters)
{
    /// <summary>The plan's steps as lines.</summary>
    public string[] Steps { get; init; } = [];
}

/// <summary>
/// Compiles whole graphs and runs them, forward alone or with gradients, on memory that starts as NaN: what nobody wrote and
/// somebody reads shows up in the result.
/// </summary>
internal static class GraphHarness
{
    /// <summary>Runs a graph's inference plan.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="values">Inputs and parameters by name.</param>
    /// <param name="batch">What the symbol <c>batch</c> stands for.</param>
    /// <param name="options">How to run.</param>
    /// <returns>The outputs.</returns>
    public static float[][] Infer(Graph graph, IReadOnlyDictionary<string, float[]> values, int batch, RunOptions options)
    {
        using ParameterStore store = Store(graph, values);
        ForwardPlan forward = PlanCompiler.CompileInference(graph, store, Symbols(batch), options.ShareMemory, threads: options.Threads);
        using RunContext context = Context(forward.Plan, store, options);
        using var prepared = new AlignedMemory(forward.Plan.PreparedBytes);
        context.Bind(MemorySpace.Prepared, prepared);
        Executor.Run(forward.Plan.Preparation, context, TestContext.Current.CancellationToken);
        WriteInputs(graph, forward.Inputs, values, context);
        Executor.Run(forward.Plan.Steps, context, TestContext.Current.CancellationToken);
        return [.. forward.Outputs.Select(output => context.Span(output).ToArray())];
    }

    /// <summary>Runs a graph's forward pass and gradients as training does.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="values">Inputs and parameters by name.</param>
    /// <param name="outputGradients">The gradient by each output; null for an output that the loss does not read.</param>
    /// <param name="batch">What the symbol <c>batch</c> stands for.</param>
    /// <param name="options">How to run.</param>
    public static TrainingRun Train(
        Graph graph, IReadOnlyDictionary<string, float[]> values, float[]?[] outputGradients, int batch, RunOptions options)
    {
        using ParameterStore store = Store(graph, values);
        var builder = new PlanBuilder(prepareParameters: false) { ShareMemory = options.ShareMemory };
        var forward = new ForwardContext(builder, store.Buffer, Symbols(batch), training: true) { Fuses = options.Fuses };
        ImmutableArray<PlanBuffer> inputs = PlanCompiler.LowerAll(graph, forward);
        PlanBuffer[] outputs = [.. graph.Outputs.Select(forward.Buffer)];
        Array.ForEach(outputs, PlanBuilder.LiveToEnd);

        var gradient = new GradientContext(graph, forward, parameter => GradientBuffer(store, parameter));
        var given = new List<(PlanBuffer Buffer, float[] Values)>();
        for (int index = 0; index < outputs.Length; index++)
        {
            if (outputGradients[index] is { } numbers)
            {
                PlanBuffer buffer = builder.Allocate($"gradient by output {index}", numbers.Length);
                PlanBuilder.LiveFromStart(buffer);
                gradient.Contribute(graph.Outputs[index], buffer);
                given.Add((buffer, numbers));
            }
        }

        gradient.AddAll();
        Plan plan = builder.Build();
        using RunContext context = Context(plan, store, options);
        using var gradients = new AlignedMemory(store.Trainable.ByteCount);
        gradients.Floats(0, gradients.ByteCount / sizeof(float)).Fill(float.NaN);
        context.Bind(MemorySpace.Gradients, gradients);
        WriteInputs(graph, inputs, values, context);
        given.ForEach(pair => pair.Values.CopyTo(context.Span(pair.Buffer)));
        Executor.Run(plan.Steps, context, TestContext.Current.CancellationToken);
        return new TrainingRun(
            [.. outputs.Select(output => context.Span(output).ToArray())],
            graph.Parameters.Where(parameter => parameter.Trainable).ToDictionary(
                parameter => parameter.Name, parameter => context.Span(GradientBuffer(store, parameter)).ToArray()),
            graph.Parameters.ToDictionary(parameter => parameter.Name, parameter => store.Read(parameter).ToArray()))
        {
            Steps = [.. plan.Steps.Select(step => step.ToString())],
        };
    }

    /// <summary>A plan's steps as lines, to see what was compiled.</summary>
    public static string[] InferenceSteps(Graph graph, int batch)
    {
        using var store = new ParameterStore(graph);
        return [.. PlanCompiler.CompileInference(graph, store, Symbols(batch)).Plan.Steps.Select(step => step.ToString())];
    }

    /// <summary>What the open dimensions stand for.</summary>
    public static Dictionary<string, long> Symbols(int batch) => new() { ["batch"] = batch };

    private static ParameterStore Store(Graph graph, IReadOnlyDictionary<string, float[]> values)
    {
        var store = new ParameterStore(graph);
        foreach (Parameter parameter in graph.Parameters)
        {
            values[parameter.Name].CopyTo(store.Write(parameter));
        }

        return store;
    }

    private static PlanBuffer GradientBuffer(ParameterStore store, Parameter parameter)
    {
        PlanBuffer place = store.Buffer(parameter);
        return new PlanBuffer(parameter.Name, MemorySpace.Gradients, place.ByteCount) { Offset = place.Offset };
    }

    private static RunContext Context(Plan plan, ParameterStore store, RunOptions options)
    {
        var context = new RunContext(plan, options.Threads) { Seed = options.Seed, StepNumber = options.StepNumber };
        store.Bind(context);
        context.Span(new PlanBuffer("everything", MemorySpace.Arena, plan.ArenaBytes) { Offset = 0 }).Fill(float.NaN);
        return context;
    }

    private static void WriteInputs(
        Graph graph, ImmutableArray<PlanBuffer> buffers, IReadOnlyDictionary<string, float[]> values, RunContext context)
    {
        for (int index = 0; index < buffers.Length; index++)
        {
            values[graph.Inputs[index].Name].CopyTo(context.Span(buffers[index]));
        }
    }
}
