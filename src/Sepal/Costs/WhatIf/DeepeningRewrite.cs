using System.Collections.Immutable;
using System.Globalization;
using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Costs.WhatIf;

/// <summary>
/// Adds separable layers to a graph. A stage is what makes images of one size and number of channels; its extra layers come
/// after its last separable unit (the last with an activation, where there is one), and repeat that unit at stride 1 and at
/// the width of its output. The layers go to the stages in turn, first to last.
/// </summary>
internal sealed class DeepeningRewrite
{
    private readonly Graph _graph;

    public DeepeningRewrite(Graph graph)
    {
        _graph = graph;
        Stages = [.. SeparableUnit.Of(graph)
            .Where(unit => !graph.Outputs.Contains(unit.Output))
            .GroupBy(unit => unit.Output.Shape)
            .Select(units => units.LastOrDefault(unit => unit.IsActivated) ?? units.Last())];
    }

    /// <summary>The unit that each stage repeats.</summary>
    public ImmutableArray<SeparableUnit> Stages { get; }

    /// <summary>The graph with so many more layers.</summary>
    public Graph Apply(int layers)
    {
        var replacement = new NodeReplacement(_graph);
        for (int stage = 0; stage < Stages.Length; stage++)
        {
            int count = (layers / Stages.Length) + (stage < layers % Stages.Length ? 1 : 0);
            if (count > 0)
            {
                Extend(replacement, Stages[stage], count);
            }
        }

        return replacement.Build();
    }

    private static void Extend(NodeReplacement replacement, SeparableUnit unit, int count)
    {
        Node last = unit.After.IsEmpty ? unit.Pointwise : unit.After[^1];

        // The unit's own end gets another name for its value, so that all readers read what the extra layers make of it.
        var own = new Value($"{unit.Output.Name}/before_extra", unit.Output.Spec);
        List<Node> nodes = [new Node(last.Name, last.Operator, last.Inputs, [own], last.LayerType)];
        Value value = own;
        for (int index = 1; index <= count; index++)
        {
            value = AddLayer(nodes, value, unit, string.Create(CultureInfo.InvariantCulture, $"{unit.Pointwise.Name}/extra_{index}"), index == count);
        }

        replacement.Replace(last, [.. nodes]);
    }

    private static Value AddLayer(List<Node> nodes, Value input, SeparableUnit unit, string name, bool isLast)
    {
        int channels = checked((int)input.Spec.Channels.Value);
        var depthwise = (Convolution)unit.Depthwise.Operator;
        (Node Node, Operator Operator, string Name)[] parts =
        [
            (unit.Depthwise, new Convolution(channels, depthwise.KernelSize)
            {
                Groups = channels, DilationRate = depthwise.DilationRate, Padding = Padding2D.Same,
            }, "depthwise"),
            .. unit.Between.Select(node => (node, node.Operator, $"depthwise/{node.Operator.Name}")),
            (unit.Pointwise, new Convolution(channels, 1), "pointwise"),
            .. unit.After.Select(node => (node, node.Operator, $"pointwise/{node.Operator.Name}")),
        ];
        Value value = input;
        for (int index = 0; index < parts.Length; index++)
        {
            (Node node, Operator @operator, string part) = parts[index];
            string nodeName = $"{name}/{part}";
            Value[] stored = [.. node.Inputs.Skip(1).Select((like, position) => StoredLike(like, $"{nodeName}/{position}", @operator, channels))];
            Value output = isLast && index == parts.Length - 1 ? unit.Output : new Value(nodeName, unit.Output.Spec);
            nodes.Add(new Node(nodeName, @operator, [value, .. stored], [output], node.LayerType));
            value = output;
        }

        return value;
    }

    /// <summary>A parameter for an extra layer: a kernel of the layer's own shape, or numbers a channel, as the unit has them.</summary>
    private static Parameter StoredLike(Value like, string name, Operator @operator, int channels)
    {
        Shape shape = @operator switch
        {
            Convolution convolution when like.Shape.Rank == 4 =>
                [convolution.KernelSize.Height, convolution.KernelSize.Width, channels / convolution.Groups, channels],
            _ when like.Shape.Rank == 1 => [channels],
            _ => like.Shape,
        };
        return new Parameter(name, new TensorSpec(shape) { AxisOrder = string.Empty }, (like as Parameter)?.Initializer ?? Constant.Zeros)
        {
            Fans = (like as Parameter)?.Fans ?? new Fans(1, 1),
            Trainable = like is not Parameter { Trainable: false },
            L2 = (like as Parameter)?.L2 ?? 0,
        };
    }
}
