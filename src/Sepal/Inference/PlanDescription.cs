using System.Collections.Immutable;
using Sepal.Costs;
using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Inference.Rewrites;

namespace Sepal.Inference;

/// <summary>Tells what the steps of a plan compute, and counts it.</summary>
internal static class PlanDescription
{
    public static InferencePlan Of(InferenceRequest request) => new()
    {
        Steps = Steps(request.Plan),
        Inputs = request.Inputs,
        ArenaBytes = request.Plan.Forward.Plan.ArenaBytes,
        PackedBytes = request.Plan.Forward.Plan.PreparedBytes,
        ScratchBytes = request.Plan.Forward.Plan.ScratchBytes,
    };

    public static ImmutableArray<PlanStep> Steps(PreparedPlan plan)
    {
        int batch = checked((int)plan.Symbols.GetValueOrDefault(Dimension.Batch.ToString(), 1));
        Dictionary<string, NodeCost> costs = ModelCost.Of(plan.Graph, batch, plan.Symbols).Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        Dictionary<string, Node> nodes = plan.Graph.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        var steps = ImmutableArray.CreateBuilder<PlanStep>(plan.Forward.Plan.Steps.Length);
        foreach (Step step in plan.Forward.Plan.Steps)
        {
            costs.Remove(step.NodeName, out NodeCost? cost);
            steps.Add(new PlanStep
            {
                Name = step.NodeName,
                Action = step.Action,
                Nodes = nodes.TryGetValue(step.NodeName, out Node? node) ? Describe(node) : [],
                MultiplyAccumulates = cost?.MultiplyAccumulates ?? 0,
                Bytes = cost is null ? 0 : cost.BytesRead + cost.BytesWritten,
                Parts = step.Parts,
            });
        }

        return steps.DrainToImmutable();
    }

    private static ImmutableArray<PlanNode> Describe(Node node)
    {
        ImmutableArray<Node> nodes = node.Operator is FusedOperator fused ? fused.Nodes : node.Origins;
        return [.. nodes.Select(origin => new PlanNode(origin.Name, GraphCounter.KindOf(origin)))];
    }
}
