using Sepal.Graphs;

namespace Sepal.Shrinking;

/// <summary>A layer that mixes its input's channels by a kernel of its own: where a removed channel is missed.</summary>
/// <param name="Node">A convolution of one group, a dense layer, or a product with a stored matrix.</param>
/// <param name="Channels">The channel at every position of the input's last axis; null where none can go.</param>
/// <param name="InputAxis">The kernel's axis of input channels; that of output channels is the next.</param>
internal sealed record ChannelReader(Node Node, int[]? Channels, int InputAxis);
