using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Inference.Rewrites;

public sealed class SwishRecognitionTests
{
    private readonly RewriteBuilder _builder = new();

    [Theory]
    [InlineData(UnaryFunction.Sigmoid, UnaryFunction.Swish, true)]
    [InlineData(UnaryFunction.Sigmoid, UnaryFunction.Swish, false)]
    [InlineData(UnaryFunction.HardSigmoid, UnaryFunction.HardSwish, true)]
    [InlineData(UnaryFunction.HardSigmoid, UnaryFunction.HardSwish, false)]
    public void A_value_times_its_gate_is_one_function(UnaryFunction gate, UnaryFunction swish, bool gateFirst)
    {
        Value input = _builder.Input(5, 7);
        Value gated = _builder.Apply(gate, input);
        Graph graph = _builder.Build(gateFirst ? _builder.Product(gated, input) : _builder.Product(input, gated));

        Graph rewritten = SwishRecognition.Rewrite(graph);

        Node node = Assert.Single(rewritten.Nodes);
        Assert.Equal(new Unary(swish), node.Operator);
        Assert.Equal(graph.Nodes, node.Origins);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void A_gate_of_a_gate_is_found_too()
    {
        Value input = _builder.Input(5);
        Value inner = _builder.Product(input, _builder.Apply(UnaryFunction.Sigmoid, input));
        Graph graph = _builder.Build(_builder.Product(_builder.Apply(UnaryFunction.Sigmoid, inner), inner));

        Graph rewritten = SwishRecognition.Rewrite(graph);

        Assert.Equal([UnaryFunction.Swish, UnaryFunction.Swish], rewritten.Nodes.Select(node => ((Unary)node.Operator).Function));
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void A_gate_that_is_an_output_stays()
    {
        Value input = _builder.Input(5);
        Value gate = _builder.Apply(UnaryFunction.Sigmoid, input);
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Product(input, gate), gate), SwishRecognition.Rewrite);
    }

    [Fact]
    public void A_gate_that_is_read_twice_stays()
    {
        Value input = _builder.Input(5);
        Value gate = _builder.Apply(UnaryFunction.Sigmoid, input);
        Value product = _builder.Product(input, gate);
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Sum(product, gate)), SwishRecognition.Rewrite);
    }

    [Fact]
    public void A_gate_of_something_else_stays()
    {
        Value input = _builder.Input(5);
        Value gate = _builder.Apply(UnaryFunction.Sigmoid, _builder.Apply(UnaryFunction.Relu, input));
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Product(input, gate)), SwishRecognition.Rewrite);
    }

    [Fact]
    public void Another_slope_is_no_hard_swish()
    {
        Value input = _builder.Input(5);
        Value gate = _builder.Add(new Unary(UnaryFunction.HardSigmoid) { Alpha = 0.2f }, input);
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Product(input, gate)), SwishRecognition.Rewrite);
    }

    [Fact]
    public void Another_offset_is_no_hard_swish()
    {
        Value input = _builder.Input(5);
        Value gate = _builder.Add(new Unary(UnaryFunction.HardSigmoid) { Beta = 0.4f }, input);
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Product(input, gate)), SwishRecognition.Rewrite);
    }

    [Theory]
    [InlineData(UnaryFunction.Tanh)]
    [InlineData(UnaryFunction.Relu)]
    public void Other_functions_are_no_gates(UnaryFunction function)
    {
        Value input = _builder.Input(5);
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Product(input, _builder.Apply(function, input))), SwishRecognition.Rewrite);
    }

    [Fact]
    public void A_sum_is_no_product()
    {
        Value input = _builder.Input(5);
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Sum(input, _builder.Apply(UnaryFunction.Sigmoid, input))), SwishRecognition.Rewrite);
    }

    [Fact]
    public void The_square_of_a_gate_stays()
    {
        Value gate = _builder.Apply(UnaryFunction.Sigmoid, _builder.Input(5));
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Product(gate, gate)), SwishRecognition.Rewrite);
    }
}
