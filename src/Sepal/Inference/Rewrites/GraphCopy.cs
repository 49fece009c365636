using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// Copies a graph node by node, for rewrites that change some of them. Parameters are copied when something first reads them,
/// with their present numbers, so that those nobody reads any more are gone.
/// </summary>
internal sealed class GraphCopy
{
    private readonly GraphBuilder _builder = new();
    private readonly Graph _source;
    private readonly ParameterStore _numbers;
    private readonly Dictionary<Value, Value> _copies = [];

    public GraphCopy(Graph source, ParameterStore numbers)
    {
        _source = source;
        _numbers = numbers;
        foreach (Value input in source.Inputs)
        {
            _copies.Add(input, _builder.Input(input.Name, input.Spec));
        }
    }

    /// <summary>Where new nodes and parameters are added.</summary>
    public GraphBuilder Builder => _builder;

    /// <summary>What stands in the copy for a value of the source.</summary>
    /// <param name="value">A value of the source.</param>
    /// <param name="trainable">Whether a parameter may be trained, if this is where it is first read and it may be in the source.</param>
    public Value Of(Value value, bool trainable = true)
    {
        if (!_copies.TryGetValue(value, out Value? copy))
        {
            copy = value switch
            {
                Parameter parameter => Copy(parameter, parameter.Name, _numbers.Read(parameter).ToArray(), trainable),
                ConstantValue constant => _builder.Constant(constant.Name, constant.Data),
                _ => throw new InvalidOperationException($"The value '{value.Name}' is read before it is made."),
            };
            _copies.Add(value, copy);
        }

        return copy;
    }

    /// <summary>Adds a parameter like one of the source under a name and with numbers of its own.</summary>
    public Parameter Copy(Parameter parameter, string name, float[] numbers, bool trainable = true) => _builder.Parameter(
        name, parameter.Shape, new Given(numbers), parameter.Fans, parameter.Trainable && trainable, parameter.L2);

    /// <summary>Adds a node as it is, or with another operator.</summary>
    /// <param name="node">A node of the source.</param>
    /// <param name="operator">What it computes in the copy; the same where not given.</param>
    /// <param name="trainable">Whether its parameters may be trained.</param>
    public void Copy(Node node, Operator? @operator = null, bool trainable = true)
    {
        Node copy = _builder.Add(
            node.Name,
            @operator ?? node.Operator,
            [.. node.Inputs.Select(input => Of(input, trainable))],
            node.LayerType,
            index => node.Outputs[index].Name);
        for (int index = 0; index < node.Outputs.Length; index++)
        {
            _copies.Add(node.Outputs[index], copy.Outputs[index]);
        }
    }

    /// <summary>Lets a value of the copy stand for one of the source.</summary>
    public void Replace(Value value, Value replacement) => _copies.Add(value, replacement);

    public Graph Build() => _builder.Build([.. _source.Outputs.Select(output => Of(output))]);
}
