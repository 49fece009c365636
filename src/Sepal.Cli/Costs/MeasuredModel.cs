using System.Collections.Immutable;
using Sepal.Costs;
using Sepal.Inference;

namespace Sepal.Cli.Costs;

/// <summary>A step of a run: what it took beside what the layers that it computes were predicted to.</summary>
/// <param name="Name">The node that the step is named after.</param>
/// <param name="Layers">The layers that it computes, with what they cost.</param>
/// <param name="MeasuredSeconds">The median.</param>
/// <param name="PredictedSeconds">The layers' roofline times, added up.</param>
internal sealed record MeasuredStep(string Name, ImmutableArray<NodeCost> Layers, double MeasuredSeconds, double PredictedSeconds)
{
    /// <summary>The one over the other; null where nothing was predicted.</summary>
    public double? Ratio => PredictedSeconds > 0 ? MeasuredSeconds / PredictedSeconds : null;
}

/// <summary>What a run took beside what was predicted.</summary>
/// <param name="Model">The model.</param>
/// <param name="Steps">The steps, in the order in which they run.</param>
/// <param name="Profile">The measurement.</param>
/// <param name="Vanished">The layers that no step computes: they were folded into others, or do nothing at inference.</param>
internal sealed record MeasuredModel(
    CountedModel Model, ImmutableArray<MeasuredStep> Steps, InferenceProfile Profile, ImmutableArray<NodeCost> Vanished)
{
    /// <summary>What all layers were predicted to take, also those that no step computes.</summary>
    public double PredictedSeconds => Model.Cost.RooflineSeconds ?? 0;

    /// <summary>Puts the two side by side.</summary>
    /// <param name="model">The model, counted for a machine.</param>
    /// <param name="profile">The measurement.</param>
    /// <returns>The comparison.</returns>
    public static MeasuredModel Of(CountedModel model, InferenceProfile profile)
    {
        Dictionary<string, NodeCost> left = model.Cost.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        Dictionary<string, int> order = model.Cost.Nodes.Select((node, index) => (node.Name, index)).ToDictionary(StringComparer.Ordinal);
        var steps = ImmutableArray.CreateBuilder<MeasuredStep>(profile.Steps.Length);
        foreach (StepProfile step in profile.Steps)
        {
            // A layer counts for its first step; the others for it prepare or finish.
            var layers = ImmutableArray.CreateBuilder<NodeCost>();
            foreach (string name in step.Nodes.Select(node => node.Name).Append(step.Name).OrderBy(name => order.GetValueOrDefault(name, int.MaxValue)))
            {
                if (left.Remove(name, out NodeCost? cost))
                {
                    layers.Add(cost);
                }
            }

            steps.Add(new MeasuredStep(
                step.Name, layers.ToImmutable(), step.Milliseconds / 1000, layers.Sum(layer => layer.RooflineSeconds ?? 0)));
        }

        return new MeasuredModel(model, steps.ToImmutable(), profile, [.. model.Cost.Nodes.Where(node => left.ContainsKey(node.Name))]);
    }
}
