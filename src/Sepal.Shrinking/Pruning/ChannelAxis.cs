namespace Sepal.Shrinking;

/// <summary>Where a value has channels that could be removed.</summary>
/// <param name="Axis">The axis, from 0.</param>
/// <param name="Channels">The channel at every position along it, as <see cref="ChannelClasses"/> numbers them.</param>
internal sealed record ChannelAxis(int Axis, int[] Channels);
