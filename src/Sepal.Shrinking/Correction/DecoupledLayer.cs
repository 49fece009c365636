using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Shrinking;

/// <summary>The two convolutions of one term.</summary>
/// <param name="Depthwise">The depthwise step.</param>
/// <param name="Pointwise">The pointwise step.</param>
internal sealed record TermSteps(Node Depthwise, Node Pointwise)
{
    /// <summary>Whether the depthwise step comes first.</summary>
    public bool IsDepthwiseFirst => Pointwise.Inputs[0] == Depthwise.Output;

    /// <summary>The step that reads the layer's input.</summary>
    public Node First => IsDepthwiseFirst ? Depthwise : Pointwise;

    /// <summary>The step that makes the term.</summary>
    public Node Last => IsDepthwiseFirst ? Pointwise : Depthwise;
}

/// <summary>A convolution of the original network and what it has become in the shrunk one.</summary>
/// <param name="Original">The convolution.</param>
/// <param name="Steps">Its terms in the shrunk network.</param>
internal sealed record DecoupledLayer(Node Original, ImmutableArray<TermSteps> Steps)
{
    /// <summary>The layer's name: the convolution's.</summary>
    public string Name => Original.Name;

    /// <summary>The convolution's attributes.</summary>
    public Convolution Convolution => (Convolution)Original.Operator;

    /// <summary>The order of the two steps.</summary>
    public DecouplingForm Form => Steps[0].IsDepthwiseFirst ? DecouplingForm.DepthwisePointwise : DecouplingForm.PointwiseDepthwise;

    /// <summary>How many terms are added up.</summary>
    public int Rank => Steps.Length;

    /// <summary>What the layer reads in the shrunk network.</summary>
    public Value Input => Steps[0].First.Inputs[0];

    /// <summary>Channels that the layer reads.</summary>
    public int InputChannels => checked((int)Original.Inputs[0].Spec.Channels.Value);

    /// <summary>Channels that the layer makes.</summary>
    public int Filters => Convolution.Filters;

    /// <summary>Taps of the kernel.</summary>
    public int Taps => checked((int)Convolution.KernelSize.Area);

    /// <summary>Finds a layer in both networks.</summary>
    /// <exception cref="SepalException">It is not there.</exception>
    public static DecoupledLayer Find(Model original, Model shrunk, string name)
    {
        Node node = original.Graph.Node(name);
        ImmutableArray<TermSteps> steps = StepsOf(shrunk, name);
        TermSteps first = steps[0];
        if (first.First.Inputs[0].Spec.Channels != node.Inputs[0].Spec.Channels || first.Last.Output.Spec.Channels != node.Output.Spec.Channels)
        {
            throw new SepalException(
                $"The layer '{name}' leads from {node.Inputs[0].Spec.Channels} to {node.Output.Spec.Channels} channels in the original network and from "
                + $"{first.First.Inputs[0].Spec.Channels} to {first.Last.Output.Spec.Channels} in the shrunk one. Correct it before channels are pruned.");
        }

        return new DecoupledLayer(node, steps);
    }

    /// <summary>The terms of a decoupled convolution.</summary>
    /// <exception cref="SepalException">There are none.</exception>
    public static ImmutableArray<TermSteps> StepsOf(Model shrunk, string name)
    {
        Dictionary<string, Node> nodes = shrunk.Graph.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        var steps = ImmutableArray.CreateBuilder<TermSteps>();
        int rank = nodes.ContainsKey(DecouplingRewrite.DepthwiseName(name)) ? 1 : int.MaxValue;
        while (steps.Count < rank
            && nodes.TryGetValue(DecouplingRewrite.DepthwiseName(name, steps.Count, rank), out Node? depthwise)
            && nodes.TryGetValue(DecouplingRewrite.PointwiseName(name, steps.Count, rank), out Node? pointwise))
        {
            steps.Add(new TermSteps(depthwise, pointwise));
        }

        return steps.Count > 0
            ? steps.DrainToImmutable()
            : throw new SepalException(
                $"The shrunk network has no decoupled layer '{name}': there is no node '{DecouplingRewrite.DepthwiseName(name)}'. Decouple it first.");
    }
}
