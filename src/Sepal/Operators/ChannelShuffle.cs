using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// Channel shuffle (ShuffleNet, arXiv 1707.01083): the last axis, seen as <c>[groups, channels / groups]</c>, is transposed, so
/// that output channel <c>c·groups + g</c> is input channel <c>g·(channels / groups) + c</c>; the shape stays. Counts no work
/// but the bytes. The opposite is a shuffle of <c>channels / groups</c> groups.
/// </summary>
/// <param name="Groups">Groups of channels; they must divide the channels.</param>
public sealed record ChannelShuffle(int Groups) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        if (call.Inputs[0].Rank < 2)
        {
            throw call.Error($"input 0 has {call.Inputs[0].Rank} dimension(s)", "Expected at least 2: batch and channels.");
        }

        int channels = call.RequireKnownChannels(0);
        return Groups >= 1 && channels % Groups == 0
            ? [call.Inputs[0]]
            : throw call.Error($"{Groups} groups do not divide {channels} channels", "Choose a number of groups that does.");
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => CostOf(call, outputs, 0, 0);
}
