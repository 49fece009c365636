using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Shrinking;

/// <summary>Makes the graph without the removed channels: sliced weights, and operators with the counts that are left.</summary>
internal sealed class ChannelRemoval
{
    private readonly ChannelFlow _flow;
    private readonly HashSet<int> _removed;
    private readonly Model _model;
    private readonly MeanCorrection? _correction;
    private readonly GraphCopy _copy;

    private ChannelRemoval(ChannelFlow flow, HashSet<int> removed, Model model, MeanCorrection? correction)
    {
        _flow = flow;
        _removed = removed;
        _model = model;
        _correction = correction;
        _copy = new GraphCopy(flow.Graph, model.Store);
    }

    /// <summary>Removes classes of channels from a model.</summary>
    /// <param name="flow">The channels of the model's graph, or of a rewritten one with its values.</param>
    /// <param name="removed">The classes.</param>
    /// <param name="model">The model.</param>
    /// <param name="correction">What makes up for the means; null for nothing.</param>
    public static Graph Apply(ChannelFlow flow, HashSet<int> removed, Model model, MeanCorrection? correction)
    {
        var removal = new ChannelRemoval(flow, removed, model, correction);
        foreach ((Value value, List<ChannelAxis> axes) in flow.Stored)
        {
            removal.Shrink(value, axes);
        }

        foreach (Node node in flow.Graph.Nodes)
        {
            removal.Add(node);
        }

        return removal._copy.Build();
    }

    private int[] Kept(int[] channels) =>
        [.. channels.Index().Where(pair => !_removed.Contains(_flow.Classes.Find(pair.Item))).Select(pair => pair.Index)];

    private int KeptCount(Value value) => _flow.Of(value) is { } axis ? Kept(axis.Channels).Length : (int)value.Spec.Channels.Value;

    private void Shrink(Value value, List<ChannelAxis> axes)
    {
        Shape shape = value.Shape;
        if (value is Parameter parameter)
        {
            float[] numbers = _model.GetParameter(parameter).ToArray();
            _correction?.Correct(parameter, numbers);
            foreach (ChannelAxis axis in axes)
            {
                int[] kept = Kept(axis.Channels);
                numbers = ChannelNumbers.Select(numbers, shape, axis.Axis, kept);
                shape = shape.With(axis.Axis, kept.Length);
            }

            _copy.Replace(parameter, _copy.Builder.Parameter(
                parameter.Name, shape, new Given(numbers), parameter.Fans, parameter.Trainable, parameter.L2));
            return;
        }

        TensorData data = ((ConstantValue)value).Data;
        byte[] bytes = data.Bytes.ToArray();
        foreach (ChannelAxis axis in axes)
        {
            int[] kept = Kept(axis.Channels);
            bytes = ChannelNumbers.Select(bytes, shape, axis.Axis, kept, data.ElementType.ByteSize());
            shape = shape.With(axis.Axis, kept.Length);
        }

        _copy.Replace(value, _copy.Builder.Constant(value.Name, new TensorData(shape, data.ElementType, bytes)));
    }

    private void Add(Node node)
    {
        Operator @operator = Adapted(node);
        if (_correction?.NewBias(node) is { } bias)
        {
            float[] numbers = _flow.Of(node.Output) is { } made ? ChannelNumbers.Select(bias, [bias.Length], 0, Kept(made.Channels)) : bias;
            Parameter parameter = _copy.Builder.Parameter($"{node.Name}/mean_of_removed", [numbers.Length], new Given(numbers));
            Node corrected = _copy.Builder.Add(
                node.Name,
                @operator is MatMul ? new Dense(numbers.Length) : @operator,
                [_copy.Of(node.Inputs[0]), _copy.Of(node.Inputs[1]), parameter],
                node.LayerType,
                _ => node.Output.Name);
            _copy.Replace(node.Output, corrected.Output);
            return;
        }

        _copy.Copy(node, @operator);
    }

    private Operator Adapted(Node node) => node.Operator switch
    {
        Convolution { Groups: 1 } convolution => convolution with { Filters = KeptCount(node.Output) },
        Convolution convolution when _flow.Of(node.Output) is not null => Grouped(node, convolution),
        Dense => new Dense(KeptCount(node.Output)),
        Split split when _flow.Of(node.Inputs[0]) is { } input && IsAlong(split.Axis, input, node) =>
            split with { Sizes = [.. node.Outputs.Select(output => (Dimension)KeptCount(_flow.Of(output)!))] },
        Slice slice when _flow.Of(node.Inputs[0]) is { } input => Sliced(slice, input, node.Inputs[0].Shape.Rank),
        Reshape reshape when _flow.Of(node.Output) is { } output => Reshaped(reshape, output),
        _ => node.Operator,
    };

    private int KeptCount(ChannelAxis axis) => Kept(axis.Channels).Length;

    private static bool IsAlong(int axis, ChannelAxis channels, Node node) =>
        (axis < 0 ? axis + node.Inputs[0].Shape.Rank : axis) == channels.Axis;

    private Convolution Grouped(Node node, Convolution convolution)
    {
        int inputs = _flow.Of(node.Inputs[0])!.Channels.Length / convolution.Groups;
        return convolution with { Filters = KeptCount(node.Output), Groups = KeptCount(_flow.Of(node.Inputs[0])!) / inputs };
    }

    private Slice Sliced(Slice slice, ChannelAxis input, int rank)
    {
        if (ChannelFlow.SlicedChannels(slice, input, rank) is not { } range)
        {
            return slice;
        }

        int at = slice.Axes.IndexOf(slice.Axes.First(axis => (axis < 0 ? axis + rank : axis) == input.Axis));
        return slice with
        {
            Starts = slice.Starts.SetItem(at, Kept(input.Channels[..range.Start]).Length),
            Ends = slice.Ends.SetItem(at, Kept(input.Channels[..range.End]).Length),
        };
    }

    private Reshape Reshaped(Reshape reshape, ChannelAxis output)
    {
        int axis = reshape.KeepsBatch ? output.Axis - 1 : output.Axis;
        return axis < 0 || reshape.TargetShape[axis] == -1
            ? reshape
            : reshape with { TargetShape = reshape.TargetShape.With(axis, KeptCount(output)) };
    }
}
