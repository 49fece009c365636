using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;

namespace Sepal.Shrinking;

/// <content>How each operator passes channels on. Every method tells whether it could follow them.</content>
internal sealed partial class ChannelFlow
{
    private bool FollowConvolution(Node node, Convolution convolution)
    {
        ChannelAxis? input = Of(node.Inputs[0]);
        if (!node.Inputs.Skip(1).All(value => value.IsStored()) || input is { Axis: not 3 })
        {
            return false;
        }

        if (convolution.Groups == 1)
        {
            return FollowProduct(node, 2, 3);
        }

        if (input is null)
        {
            return false;
        }

        // A group goes with all its channels, as a depthwise convolution's channel goes with its filters.
        int inputs = input.Channels.Length / convolution.Groups;
        int outputs = convolution.Filters / convolution.Groups;
        for (int channel = 0; channel < input.Channels.Length; channel++)
        {
            Classes.Join(input.Channels[channel], input.Channels[channel / inputs * inputs]);
        }

        int[] made = [.. Enumerable.Range(0, convolution.Filters).Select(filter => input.Channels[filter / outputs * inputs])];
        _values[node.Output] = new ChannelAxis(3, made);
        Store(node.Inputs[1], new ChannelAxis(3, made));
        if (node.Inputs.Length == 3)
        {
            Store(node.Inputs[2], new ChannelAxis(0, made));
        }

        return true;
    }

    /// <summary>A layer whose kernel mixes channels: what it makes is new.</summary>
    private bool FollowProduct(Node node, int inputAxis, int outputAxis)
    {
        ChannelAxis? input = Of(node.Inputs[0]);
        if (!node.Inputs.Skip(1).All(value => value.IsStored()) || node.Inputs[0].IsStored()
            || (input is not null && input.Axis != node.Inputs[0].Shape.Rank - 1))
        {
            return false;
        }

        int[] made = Classes.Add(checked((int)node.Output.Spec.Channels.Value));
        _makers.Add((node, made));
        _readers.Add(new ChannelReader(node, input?.Channels, inputAxis));
        _values[node.Output] = new ChannelAxis(node.Output.Shape.Rank - 1, made);
        Store(node.Inputs[1], input is null ? null : new ChannelAxis(inputAxis, input.Channels), new ChannelAxis(outputAxis, made));
        if (node.Inputs.Length == 3)
        {
            Store(node.Inputs[2], new ChannelAxis(0, made));
        }

        return true;
    }

    private bool FollowNormalization(Node node)
    {
        if (Of(node.Inputs[0]) is not { } input || input.Axis != node.Inputs[0].Shape.Rank - 1
            || !node.Inputs.Skip(1).All(value => value.IsStored()))
        {
            return false;
        }

        foreach (Value stored in node.Inputs.Skip(1))
        {
            Store(stored, new ChannelAxis(0, input.Channels));
        }

        _normalizations.Add((node, input.Channels));
        return Pass(node, input.Axis);
    }

    private bool FollowBinary(Node node)
    {
        int rank = node.Output.Shape.Rank;

        // The side that says which channels the result has: one that is not repeated along them.
        Value? leading = node.Inputs.FirstOrDefault(value =>
            Of(value) is { } own && value.Shape[own.Axis] == node.Output.Shape[own.Axis + rank - value.Shape.Rank]);
        if (leading is null)
        {
            return false;
        }

        ChannelAxis channels = Of(leading)!;
        int outputAxis = channels.Axis + rank - leading.Shape.Rank;
        foreach (Value other in node.Inputs.Where(value => value != leading))
        {
            int axis = outputAxis - rank + other.Shape.Rank;
            bool isRepeated = axis < 0 || other.Shape[axis] == 1;
            if (other.IsStored())
            {
                if (!isRepeated)
                {
                    Store(other, new ChannelAxis(axis, channels.Channels));
                }
            }
            else if (Of(other) is { } others && others.Axis == axis && !isRepeated)
            {
                JoinAll(channels.Channels, others.Channels);
            }
            else
            {
                if (!isRepeated)
                {
                    Classes.Pin(channels.Channels, $"'{node.Name}' joins them with '{other.Name}', whose channels stay");
                }

                Pin(other, $"'{node.Name}' joins them with other axes of '{leading.Name}'");
            }
        }

        _values[node.Output] = new ChannelAxis(outputAxis, channels.Channels);
        return true;
    }

    private bool FollowConcatenation(Node node, Concatenate concatenate)
    {
        ChannelAxis? first = node.Inputs.Select(Of).FirstOrDefault(axis => axis is not null);
        if (first is null || node.Inputs.Any(value => Of(value) is { } axis && axis.Axis != first.Axis))
        {
            return false;
        }

        int along = concatenate.Axis < 0 ? concatenate.Axis + node.Output.Shape.Rank : concatenate.Axis;
        if (along != first.Axis)
        {
            foreach (Value input in node.Inputs)
            {
                if (Of(input) is { } axis)
                {
                    JoinAll(first.Channels, axis.Channels);
                }
                else
                {
                    Classes.Pin(first.Channels, $"'{node.Name}' joins them with '{input.Name}', whose channels stay");
                }
            }

            _values[node.Output] = first;
            return true;
        }

        var channels = new List<int>();
        foreach (Value input in node.Inputs)
        {
            if (Of(input) is { } axis)
            {
                channels.AddRange(axis.Channels);
            }
            else
            {
                if (!input.Shape[along].IsKnown)
                {
                    return false;
                }

                int[] kept = Classes.Add(checked((int)input.Shape[along].Value));
                Classes.Pin(kept, $"they come from '{input.Name}', whose channels stay");
                channels.AddRange(kept);
            }
        }

        _values[node.Output] = new ChannelAxis(along, [.. channels]);
        return true;
    }

    private bool FollowSplit(Node node, Split split)
    {
        if (Of(node.Inputs[0]) is not { } input)
        {
            return false;
        }

        int along = split.Axis < 0 ? split.Axis + node.Inputs[0].Shape.Rank : split.Axis;
        int start = 0;
        for (int index = 0; index < node.Outputs.Length; index++)
        {
            int length = along == input.Axis ? checked((int)split.Sizes[index].Value) : input.Channels.Length;
            _values[node.Outputs[index]] = new ChannelAxis(input.Axis, input.Channels[start..(start + length)]);
            start += along == input.Axis ? length : 0;
        }

        return true;
    }

    private bool FollowSlice(Node node, Slice slice)
    {
        if (Of(node.Inputs[0]) is not { } input)
        {
            return false;
        }

        int[] channels = input.Channels;
        if (SlicedChannels(slice, input, node.Inputs[0].Shape.Rank) is { } range)
        {
            if (range.Start < 0)
            {
                return false;
            }

            channels = channels[range.Start..range.End];
        }

        _values[node.Output] = new ChannelAxis(input.Axis, channels);
        return channels.Length > 0;
    }

    /// <summary>Which channels a slice takes: null for all of them, a start of −1 where they are no plain stretch.</summary>
    public static (int Start, int End)? SlicedChannels(Slice slice, ChannelAxis input, int rank)
    {
        for (int index = 0; index < slice.Axes.Length; index++)
        {
            if ((slice.Axes[index] < 0 ? slice.Axes[index] + rank : slice.Axes[index]) != input.Axis)
            {
                continue;
            }

            if (slice.Steps[index] != 1 || !slice.Starts[index].IsKnown || !slice.Ends[index].IsKnown)
            {
                return (-1, -1);
            }

            int count = input.Channels.Length;
            int start = Position(slice.Starts[index].Value, count);
            return (start, Math.Max(Position(slice.Ends[index].Value, count), start));
        }

        return null;
    }

    private static int Position(long given, int count) => (int)Math.Clamp(given < 0 ? given + count : given, 0, count);

    private bool FollowShuffle(Node node, ChannelShuffle shuffle)
    {
        if (Of(node.Inputs[0]) is not { } input || input.Axis != node.Inputs[0].Shape.Rank - 1)
        {
            return false;
        }

        // Only if every group loses the same places is what is left a shuffle again.
        int length = input.Channels.Length / shuffle.Groups;
        var shuffled = new int[input.Channels.Length];
        for (int place = 0; place < length; place++)
        {
            for (int group = 0; group < shuffle.Groups; group++)
            {
                int channel = input.Channels[(group * length) + place];
                Classes.Join(input.Channels[place], channel);
                shuffled[(place * shuffle.Groups) + group] = channel;
            }
        }

        _values[node.Output] = new ChannelAxis(input.Axis, shuffled);
        return true;
    }

    private bool FollowTranspose(Node node, Transpose transpose)
    {
        if (Of(node.Inputs[0]) is not { } input)
        {
            return false;
        }

        ImmutableArray<int> permutation = transpose.Permutation;
        int axis = permutation.IsDefaultOrEmpty ? node.Inputs[0].Shape.Rank - 1 - input.Axis : permutation.IndexOf(input.Axis);
        return axis >= 0 && Pass(node, axis);
    }

    private bool FollowReduction(Node node, Reduction reduction)
    {
        if (Of(node.Inputs[0]) is not { } input || reduction.Axes.IsDefaultOrEmpty)
        {
            return false;
        }

        int rank = node.Inputs[0].Shape.Rank;
        int[] axes = [.. reduction.Axes.Select(axis => axis < 0 ? axis + rank : axis)];
        return !axes.Contains(input.Axis)
            && Pass(node, reduction.KeepDimensions ? input.Axis : input.Axis - axes.Count(axis => axis < input.Axis));
    }

    /// <summary>Other axes around the same channels, or all of an image in one row.</summary>
    private bool FollowReshape(Node node)
    {
        if (Of(node.Inputs[0]) is not { } input)
        {
            return false;
        }

        Shape before = node.Inputs[0].Shape;
        Shape after = node.Output.Shape;
        Dimension outer = Product(before, 0, input.Axis);
        Dimension inner = Product(before, input.Axis + 1, before.Rank);
        for (int axis = 0; axis < after.Rank; axis++)
        {
            if (after[axis] == before[input.Axis] && Product(after, 0, axis) == outer && Product(after, axis + 1, after.Rank) == inner)
            {
                return Pass(node, axis);
            }
        }

        Dimension rows = Product(before, 1, input.Axis);
        if (after.Rank != 2 || input.Axis == 0 || after[0] != before[0] || !inner.IsKnown || !rows.IsKnown)
        {
            return false;
        }

        var flat = new int[checked((int)(rows.Value * input.Channels.Length * inner.Value))];
        for (int index = 0; index < flat.Length; index++)
        {
            flat[index] = input.Channels[(int)(index / inner.Value % input.Channels.Length)];
        }

        _values[node.Output] = new ChannelAxis(1, flat);
        return true;
    }

    private static Dimension Product(Shape shape, int from, int to) =>
        shape.Skip(from).Take(to - from).Aggregate(Dimension.FromInt64(1), (product, next) => product * next);
}
