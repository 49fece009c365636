using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;

namespace Sepal.Training.Gradients;

/// <summary>
/// What an operator's gradient sees: the forward pass's buffers, the gradient by its output, and a place for the gradients by
/// its inputs. Walks the graph from the outputs to the inputs; where a value is read by several nodes, their contributions
/// are added up in graph order.
/// </summary>
internal sealed class GradientContext
{
    private readonly Graph _graph;
    private readonly Func<Parameter, PlanBuffer> _parameterGradients;
    private readonly HashSet<Value> _needed = [];
    private readonly Dictionary<Value, List<PlanBuffer>> _contributions = [];
    private readonly Dictionary<Node, NormalizationSums> _sums = [];
    private readonly Dictionary<Value, UnfinishedNormalization> _unfinished = [];

    public GradientContext(Graph graph, ForwardContext forward, Func<Parameter, PlanBuffer> parameterGradients)
    {
        _graph = graph;
        Forward = forward;
        _parameterGradients = parameterGradients;
        foreach (Node node in graph.Nodes)
        {
            if (node.Inputs.Any(Needs))
            {
                _needed.UnionWith(node.Outputs);
            }
        }
    }

    /// <summary>Shapes and buffers of the forward pass.</summary>
    public ForwardContext Forward { get; }

    public PlanBuilder Plan => Forward.Plan;

    /// <summary>Whether anything trainable depends on the gradient by a value.</summary>
    public bool Needs(Value value) => value is Parameter { Trainable: true } || _needed.Contains(value);

    /// <summary>Adds the steps of all nodes, last to first. The loss has contributed its gradient before.</summary>
    public void AddAll()
    {
        foreach (Node node in _graph.Nodes.Reverse())
        {
            if (Forward.Fusion?.NormalizationBefore(node) is { } normalization)
            {
                if (HasGradient(node.Output) && normalization.Inputs.Any(Needs))
                {
                    BatchNormalizationGradient.Add(this, normalization, last: node);
                }

                continue;
            }

            // A pooled ReLU's output has no gradient of its own: the pooling's is by the ReLU's input.
            if (node.Outputs.Any(HasGradient) && node.Inputs.Any(Needs))
            {
                GradientRegistry.Add(this, node);
            }
        }

        foreach (Parameter parameter in _graph.Parameters.Where(parameter => parameter.Trainable))
        {
            FinishParameter(parameter);
        }
    }

    /// <summary>Whether the loss depends on a value, as far as the nodes after it have said.</summary>
    public bool HasGradient(Value value) => _contributions.ContainsKey(value);

    /// <summary>The complete gradient by a node's output; one with several outputs asks <see cref="HasGradient"/> first.</summary>
    public PlanBuffer OutputGradient(Node node, int index = 0)
    {
        Value output = node.Outputs[index];
        TakeUnfinished(output)?.AddStep();
        List<PlanBuffer> contributions = _contributions[output];
        if (contributions.Count > 1)
        {
            PlanBuffer sum = Plan.Allocate($"{output.Name}/gradient", contributions[0].FloatCount);
            AddUp(node.Name, contributions, sum);
            _contributions[output] = [sum];
        }

        return _contributions[output][0];
    }

    /// <summary>
    /// Reserves the gradient by one of a node's inputs, which the node's steps must then write completely. Ask only where
    /// <see cref="Needs"/> says so.
    /// </summary>
    public PlanBuffer InputGradient(Node node, int index)
    {
        Value input = node.Inputs[index];

        // A parameter read once gets its gradient straight where the optimizer looks for it.
        bool direct = input is Parameter && _graph.Consumers(input).Length == 1 && node.Inputs.Count(other => other == input) == 1;
        PlanBuffer buffer = direct
            ? _parameterGradients((Parameter)input)
            : Plan.Allocate($"{node.Name}/gradient by input {index}", Forward.Length(input));
        Contribute(input, buffer);
        return buffer;
    }

    /// <summary>Hands a gradient through: an existing buffer is (a part of) the gradient by a value. It must not be written again.</summary>
    public void Contribute(Value value, PlanBuffer gradient)
    {
        if (!_contributions.TryGetValue(value, out List<PlanBuffer>? list))
        {
            _contributions.Add(value, list = []);
        }

        list.Add(gradient);
    }

    /// <summary>Leaves the last pass over the gradient by a value, its only contribution, to what reads it.</summary>
    public void Leave(Value value, UnfinishedNormalization unfinished) => _unfinished.Add(value, unfinished);

    /// <summary>
    /// What is left to be done to the gradient by a value, by whoever takes it before asking for <see cref="OutputGradient"/>; null
    /// where nothing is.
    /// </summary>
    public UnfinishedNormalization? TakeUnfinished(Value value) =>
        _unfinished.Remove(value, out UnfinishedNormalization? unfinished) ? unfinished : null;

    /// <summary>Keeps the sums that the step which writes the gradient by a batch normalisation's output makes of it.</summary>
    public void Keep(Node normalization, NormalizationSums sums) => _sums.Add(normalization, sums);

    /// <summary>The sums that an earlier step makes for a batch normalisation; null where none does.</summary>
    public NormalizationSums? SumsOf(Node normalization) => _sums.GetValueOrDefault(normalization);

    private void FinishParameter(Parameter parameter)
    {
        PlanBuffer final = _parameterGradients(parameter);
        List<PlanBuffer> contributions = _contributions.GetValueOrDefault(parameter, []);
        if (contributions is [var only] && only == final)
        {
            return;
        }

        if (contributions.Count == 0)
        {
            throw new SepalException(
                $"The loss does not depend on the parameter '{parameter.Name}', so it cannot be trained. "
                + "Remove its layer, or set Trainable to false.");
        }

        AddUp(parameter.Name, contributions, final);
    }

    private unsafe void AddUp(string name, List<PlanBuffer> summands, PlanBuffer sum)
    {
        PlanBuffer[] all = [.. summands];
        Partition partition = Partition.OfElements(sum.FloatCount);
        Plan.Add(
            name,
            "add up gradients",
            partition.Parts,
            all,
            [sum],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                float* destination = run.Floats(sum);
                new ReadOnlySpan<float>(run.Floats(all[0]) + from, (int)(to - from))
                    .CopyTo(new Span<float>(destination + from, (int)(to - from)));
                for (int index = 1; index < all.Length; index++)
                {
                    Kernels.Elementwise.Accumulation.Add(run.Floats(all[index]) + from, destination + from, to - from);
                }
            });
    }
}
