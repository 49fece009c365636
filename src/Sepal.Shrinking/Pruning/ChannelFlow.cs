using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Shrinking;

/// <summary>
/// Follows channels through a graph: which stored numbers belong to which, and which can only go together, as the two sides of an
/// addition do. What cannot be followed stays, with the reason.
/// </summary>
internal sealed partial class ChannelFlow
{
    private readonly Dictionary<Value, ChannelAxis> _values = [];
    private readonly Dictionary<Value, List<ChannelAxis>> _stored = [];
    private readonly Dictionary<Value, int> _reads = [];
    private readonly List<(Node Node, int[] Channels)> _makers = [];
    private readonly List<ChannelReader> _readers = [];
    private readonly List<(Node Node, int[] Channels)> _normalizations = [];

    private ChannelFlow(Graph graph) => Graph = graph;

    public Graph Graph { get; }

    public ChannelClasses Classes { get; } = new();

    /// <summary>The layers that make channels, with the channels they make; in graph order.</summary>
    public IReadOnlyList<(Node Node, int[] Channels)> Makers => _makers;

    /// <summary>The layers that mix channels, in graph order.</summary>
    public IReadOnlyList<ChannelReader> Readers => _readers;

    /// <summary>The batch normalisations of channels, in graph order.</summary>
    public IReadOnlyList<(Node Node, int[] Channels)> Normalizations => _normalizations;

    /// <summary>The parameters and constants that shrink with channels, by which axes.</summary>
    public IReadOnlyDictionary<Value, List<ChannelAxis>> Stored => _stored;

    /// <summary>Follows the channels of a graph.</summary>
    public static ChannelFlow Of(Graph graph)
    {
        var flow = new ChannelFlow(graph);
        foreach (Node node in graph.Nodes)
        {
            flow.Follow(node);
        }

        foreach (Value output in graph.Outputs)
        {
            flow.Pin(output, "they are an output of the model");
        }

        flow.PinOtherReads();
        return flow;
    }

    /// <summary>The channels of a value that a node makes; null where none of them can go.</summary>
    public ChannelAxis? Of(Value value) => _values.GetValueOrDefault(value);

    private void Follow(Node node)
    {
        bool followed = node.Operator switch
        {
            Convolution convolution => FollowConvolution(node, convolution),
            Dense => FollowProduct(node, 0, 1),
            MatMul => node.Inputs[1].Shape.Rank == 2 && FollowProduct(node, 0, 1),
            BatchNormalization => FollowNormalization(node),
            Binary => FollowBinary(node),
            Concatenate concatenate => FollowConcatenation(node, concatenate),
            Split split => FollowSplit(node, split),
            Slice slice => FollowSlice(node, slice),
            ChannelShuffle shuffle => FollowShuffle(node, shuffle),
            Flatten => FollowReshape(node),
            Reshape => FollowReshape(node),
            Transpose transpose => FollowTranspose(node, transpose),
            Reduction reduction => FollowReduction(node, reduction),
            GlobalPooling pooling => FollowPooling(node, pooling.KeepDimensions ? 3 : 1),
            Pooling => node.Outputs.Length == 1 && FollowPooling(node, 3),
            ZeroPadding => FollowPooling(node, 3),
            Pad pad => Of(node.Inputs[0]) is { } axis && pad.Before[axis.Axis] == 0 && pad.After[axis.Axis] == 0 && Pass(node, axis.Axis),
            Unary or Dropout or Rescaling => Of(node.Inputs[0]) is { } axis && Pass(node, axis.Axis),
            _ => false,
        };
        if (!followed)
        {
            foreach (Value input in node.Inputs)
            {
                Pin(input, $"they go into '{node.Name}' ({node.Operator.Name}), which channels are not followed through");
            }
        }
    }

    private bool Pass(Node node, int axis)
    {
        _values[node.Output] = new ChannelAxis(axis, Of(node.Inputs[0])!.Channels);
        return true;
    }

    private bool FollowPooling(Node node, int axis) => Of(node.Inputs[0]) is { Axis: 3 } && Pass(node, axis);

    private void Pin(Value value, string reason)
    {
        if (Of(value) is { } axis)
        {
            Classes.Pin(axis.Channels, reason);
        }

        // Of a weight that another node reads too, as another's kernel.
        foreach (ChannelAxis stored in _stored.GetValueOrDefault(value) ?? [])
        {
            Classes.Pin(stored.Channels, reason);
        }
    }

    /// <summary>Lets a stored value shrink along axes; one that several nodes read must shrink for all of them alike.</summary>
    private void Store(Value value, params ReadOnlySpan<ChannelAxis?> axes)
    {
        _reads[value] = _reads.GetValueOrDefault(value) + 1;
        bool isFirst = !_stored.TryGetValue(value, out List<ChannelAxis>? known);
        if (isFirst)
        {
            _stored.Add(value, known = []);
        }

        foreach (ChannelAxis? axis in axes)
        {
            if (axis is null)
            {
                continue;
            }

            if (isFirst)
            {
                known!.Add(axis);
            }
            else if (known!.Find(other => other.Axis == axis.Axis) is { } other)
            {
                JoinAll(axis.Channels, other.Channels);
            }
            else
            {
                Classes.Pin(axis.Channels, $"their numbers in '{value.Name}' are read in another way too");
            }
        }

        foreach (ChannelAxis other in known!)
        {
            bool isCovered = false;
            foreach (ChannelAxis? axis in axes)
            {
                isCovered |= axis?.Axis == other.Axis;
            }

            if (!isCovered)
            {
                Classes.Pin(other.Channels, $"their numbers in '{value.Name}' are read in another way too");
            }
        }
    }

    /// <summary>A stored value that is read where channels are not followed, before or after, stays as it is.</summary>
    private void PinOtherReads()
    {
        var reads = new Dictionary<Value, int>();
        foreach (Value value in Graph.Nodes.SelectMany(node => node.Inputs).Where(_stored.ContainsKey))
        {
            reads[value] = reads.GetValueOrDefault(value) + 1;
        }

        foreach ((Value value, List<ChannelAxis> axes) in _stored)
        {
            if (reads[value] != _reads[value])
            {
                axes.ForEach(axis => Classes.Pin(axis.Channels, $"their numbers in '{value.Name}' are read in another way too"));
            }
        }
    }

    private void JoinAll(int[] left, int[] right)
    {
        for (int index = 0; index < left.Length; index++)
        {
            Classes.Join(left[index], right[index]);
        }
    }
}
