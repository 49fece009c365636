using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Execution.Lowering;

/// <summary>A plan for a graph's forward pass, and where its inputs and outputs lie.</summary>
internal sealed record ForwardPlan(Plan Plan, ImmutableArray<PlanBuffer> Inputs, ImmutableArray<PlanBuffer> Outputs);

/// <summary>Turns a graph into a plan, one step or a few an operator.</summary>
internal static class PlanCompiler
{
    /// <summary>A plan that only computes the outputs.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="parameters">Where the parameters lie.</param>
    /// <param name="symbols">Values for the open dimensions.</param>
    /// <param name="shareMemory">Off only to test that sharing memory changes nothing.</param>
    /// <param name="keepInputs">Whether nothing is written over the inputs, so that a run can be repeated.</param>
    /// <param name="threads">Threads that will run the plan; the results do not depend on it.</param>
    public static ForwardPlan CompileInference(
        Graph graph,
        ParameterStore parameters,
        IReadOnlyDictionary<string, long> symbols,
        bool shareMemory = true,
        bool keepInputs = false,
        int threads = 1)
    {
        var builder = new PlanBuilder(prepareParameters: true) { ShareMemory = shareMemory };
        var context = new ForwardContext(builder, parameters.Buffer, symbols, training: false) { Threads = threads };
        ImmutableArray<PlanBuffer> inputs = LowerAll(graph, context);
        ImmutableArray<PlanBuffer> outputs = [.. graph.Outputs.Select(context.Buffer)];
        foreach (PlanBuffer kept in keepInputs ? outputs.AddRange(inputs) : outputs)
        {
            PlanBuilder.LiveToEnd(kept);
        }

        return new ForwardPlan(builder.Build(), inputs, outputs);
    }

    /// <summary>Reserves the inputs and adds every node's steps.</summary>
    public static ImmutableArray<PlanBuffer> LowerAll(Graph graph, ForwardContext context)
    {
        var inputs = ImmutableArray.CreateBuilder<PlanBuffer>();
        foreach (Value input in graph.Inputs)
        {
            PlanBuffer buffer = context.Allocate(input);
            PlanBuilder.LiveFromStart(buffer);
            inputs.Add(buffer);
        }

        context.Fusion = context.Training && context.Fuses ? new TrainingFusion(graph, context) : null;
        foreach (Node node in graph.Nodes)
        {
            context.Lower(node);
        }

        return inputs.DrainToImmutable();
    }
}
