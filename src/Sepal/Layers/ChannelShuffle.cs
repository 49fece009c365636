using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Layers;

/// <summary>
/// Channel shuffle (ShuffleNet, arXiv 1707.01083): takes the channels of the groups in turn, so that what follows sees every
/// group; the shape stays.
/// </summary>
/// <remarks>PyTorch's <c>nn.ChannelShuffle</c>.</remarks>
/// <param name="groups">Groups of channels; they must divide the channels.</param>
public sealed class ChannelShuffle(int groups) : Layer
{
    /// <summary>Groups of channels.</summary>
    public int Groups { get; init; } = groups;

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Add(new Operators.ChannelShuffle(Groups), [context.Single(inputs)]);
    }
}
