using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Sepal.Inference;

/// <summary>What a session runs for one combination of input shapes.</summary>
public sealed record InferencePlan
{
    /// <summary>The steps, in the order in which they run.</summary>
    public required ImmutableArray<PlanStep> Steps { get; init; }

    /// <summary>The inputs, with the shapes that the plan is for.</summary>
    public required ImmutableArray<TensorInfo> Inputs { get; init; }

    /// <summary>Bytes of memory for what lies between steps, which each run under way has for itself.</summary>
    public required long ArenaBytes { get; init; }

    /// <summary>Bytes of packed weights, which all runs share.</summary>
    public required long PackedBytes { get; init; }

    /// <summary>Bytes of scratch memory that each thread of a run has.</summary>
    public required long ScratchBytes { get; init; }

    /// <summary>MACs of a run, for the whole batch.</summary>
    public long MultiplyAccumulates => Steps.Sum(step => step.MultiplyAccumulates);

    /// <summary>A line a step: its MACs, its bytes, and the nodes that it computes together.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (PlanStep step in Steps)
        {
            text.AppendLine(step.ToString());
        }

        return text.Append(
            CultureInfo.InvariantCulture,
            $"{Steps.Length} steps, {MultiplyAccumulates:N0} MACs; {ArenaBytes:N0} bytes between steps, {PackedBytes:N0} of packed weights, {ScratchBytes:N0} of scratch a thread").ToString();
    }
}

/// <summary>One kernel call of a plan, for one node of the model or for several that it computes together.</summary>
public record PlanStep
{
    /// <summary>The node it belongs to; of several, the one that the step is named after.</summary>
    public required string Name { get; init; }

    /// <summary>What it does there: <c>forward</c> for the node's work, otherwise what is done for it.</summary>
    public required string Action { get; init; }

    /// <summary>All nodes of the model that it computes, in their order.</summary>
    public required ImmutableArray<PlanNode> Nodes { get; init; }

    /// <summary>MACs for the whole batch. Where several steps are for one node, the first of them has its counts.</summary>
    public required long MultiplyAccumulates { get; init; }

    /// <summary>Bytes read and written, parameters included, for the whole batch; what stays inside the step does not count.</summary>
    public required long Bytes { get; init; }

    /// <summary>Into how many parts the work falls, which threads share.</summary>
    public required int Parts { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {Action}, {MultiplyAccumulates:N0} MACs, {Bytes:N0} bytes, {Parts} part(s){Description}");

    private string Description => Nodes.Length < 2 ? string.Empty : $": {string.Join(" → ", Nodes.Select(node => $"{node.Name} ({node.Kind})"))}";
}

/// <summary>A node that a step computes.</summary>
/// <param name="Name">Its name, a path.</param>
/// <param name="Kind">
/// What it is: <c>standard</c>, <c>depthwise</c>, <c>pointwise</c> or <c>grouped</c> for a convolution, or the operator's name in
/// lower case.
/// </param>
public sealed record PlanNode(string Name, string Kind);
