using System.Collections.Immutable;
using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;

namespace Sepal.Inference;

/// <summary>Runs a graph without inputs once, on one thread.</summary>
internal static class SingleRun
{
    /// <summary>Computes the outputs.</summary>
    /// <param name="graph">A graph whose nodes read parameters and constants alone; all its sizes are numbers.</param>
    /// <returns>One tensor an output.</returns>
    public static ImmutableArray<TensorData> Run(Graph graph)
    {
        using var parameters = new ParameterStore(graph);
        parameters.Initialize(0);
        ForwardPlan forward = PlanCompiler.CompileInference(graph, parameters, ImmutableDictionary<string, long>.Empty);
        using var context = new RunContext(forward.Plan, threads: 1);
        using var prepared = new AlignedMemory(forward.Plan.PreparedBytes);
        parameters.Bind(context);
        context.Bind(MemorySpace.Prepared, prepared);
        Executor.Run(forward.Plan.Preparation, context);
        Executor.Run(forward.Plan.Steps, context);
        return
        [
            .. graph.Outputs.Select((output, index) => new TensorData(
                output.Shape, output.Spec.ElementType, context.Span<byte>(forward.Outputs[index]).ToArray())),
        ];
    }
}
