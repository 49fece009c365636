using Sepal.Graphs;

namespace Sepal.Costs;

/// <summary>Finds the most memory that a graph takes at once, by the lives of its values.</summary>
internal sealed class MemoryCounter(Graph graph, GraphSizes sizes, TrainedValues trained)
{
    private readonly Dictionary<Node, int> _positions = graph.Nodes.Select((node, index) => (node, index)).ToDictionary(pair => pair.node, pair => pair.index);

    // The loss stands between the two passes, and every node's gradient at its place in the mirror.
    private int Loss => graph.Nodes.Length;

    private int GradientPosition(Node node) => (2 * Loss) - _positions[node];

    /// <summary>Counts.</summary>
    /// <param name="optimizerStates">Numbers that the optimizer keeps a trainable parameter.</param>
    public MemoryCost Count(int optimizerStates)
    {
        (long peak, int position) = MemoryTimeline.Peak(Forward(training: false));
        MemoryTimeline.Life[] kept = [.. Forward(training: true)];
        long gradients = graph.Parameters.Where(parameter => parameter.Trainable).Sum(parameter => parameter.Length) * sizeof(float);
        return new MemoryCost
        {
            PeakActivationBytes = peak,
            PeakNode = graph.Nodes.Length == 0 ? string.Empty : graph.Nodes[Math.Clamp(position, 0, graph.Nodes.Length - 1)].Name,
            ParameterBytes = graph.Parameters.Cast<Value>().Concat(graph.Constants).Sum(sizes.Bytes),
            KeptActivationBytes = kept.Where(life => life.Last >= Loss).Sum(life => life.Bytes),
            PeakTrainingActivationBytes = MemoryTimeline.Peak(kept.Concat(Gradients())).Bytes,
            GradientBytes = gradients,
            OptimizerBytes = checked(gradients * optimizerStates),
        };
    }

    /// <summary>The lives of what the forward pass makes; in training until the gradient that needs it last.</summary>
    private IEnumerable<MemoryTimeline.Life> Forward(bool training)
    {
        var memory = new Dictionary<Value, Value>();
        var lives = new Dictionary<Value, (int First, int Last)>();
        foreach (Value input in graph.Inputs)
        {
            memory[input] = input;
            lives[input] = (-1, -1);
        }

        foreach (Node node in graph.Nodes)
        {
            foreach (Value input in node.Inputs)
            {
                Extend(input, _positions[node]);
            }

            foreach (Value output in node.Outputs)
            {
                Value place = BackwardNeeds.IsView(node, training) && memory.TryGetValue(node.Inputs[0], out Value? viewed) ? viewed : output;
                memory[output] = place;
                lives.TryAdd(place, (_positions[node], _positions[node]));
            }

            if (training && node.Inputs.Any(trained.Needs))
            {
                foreach (Value needed in BackwardNeeds.Of(node, trained))
                {
                    Extend(needed, GradientPosition(node));
                }

                if (BackwardNeeds.ExtraBytes(node, sizes) is > 0 and var bytes)
                {
                    yield return new MemoryTimeline.Life(_positions[node], GradientPosition(node), bytes);
                }
            }
        }

        foreach (Value output in graph.Outputs)
        {
            Extend(output, Loss);
        }

        foreach ((Value value, (int first, int last)) in lives)
        {
            yield return new MemoryTimeline.Life(first, last, sizes.Bytes(value));
        }

        void Extend(Value value, int position)
        {
            if (memory.TryGetValue(value, out Value? place))
            {
                lives[place] = (lives[place].First, Math.Max(lives[place].Last, position));
            }
        }
    }

    /// <summary>
    /// The lives of the gradients by activations: from the gradient of the last reader to that of the producer. Where a
    /// gradient is handed through as it is, by views and sums to a value that nothing else reads, no memory is added.
    /// </summary>
    private IEnumerable<MemoryTimeline.Life> Gradients()
    {
        var ends = new Dictionary<Value, int>();
        foreach (Node node in graph.Nodes)
        {
            foreach (Value output in node.Outputs.Where(trained.Needs))
            {
                bool passes = BackwardNeeds.PassesGradient(node, sizes);
                Value? through = passes
                    ? node.Inputs.FirstOrDefault(input => input is not Parameter && trained.Needs(input) && IsReadOnce(input) && ends.ContainsKey(input))
                    : null;
                int end = through is null ? GradientPosition(node) : ends[through];
                if (through is not null)
                {
                    ends.Remove(through);
                }

                ends[output] = end;
            }
        }

        foreach ((Value value, int end) in ends)
        {
            int first = graph.Outputs.Contains(value) ? Loss : graph.Consumers(value) is [.., var last] ? GradientPosition(last) : Loss;
            yield return new MemoryTimeline.Life(first, end, sizes.Bytes(value));
        }
    }

    private bool IsReadOnce(Value value) => graph.Consumers(value).Length == 1 && !graph.Outputs.Contains(value);
}
