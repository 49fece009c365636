using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Training.Initializers;
using Xunit;

namespace Sepal.Tests.Graphs;

public sealed class GraphBuilderTests
{
    private readonly GraphBuilder _builder = new();
    private readonly Value _image;

    public GraphBuilderTests() => _image = _builder.Input("image", new TensorSpec([Dimension.Batch, 8, 9, 3]));

    [Fact]
    public void Keeps_what_the_outputs_need_in_the_order_it_was_added()
    {
        Value flat = _builder.Add("flat", new Flatten(), [_image]).Output;
        _builder.Add("unused", new Unary(UnaryFunction.Relu), [flat]);
        Parameter kernel = _builder.Parameter("kernel", [216, 10], VarianceScaling.GlorotUniform);
        Node dense = _builder.Add("head/dense", new Dense(10), [flat, kernel], "Dense");
        Graph graph = _builder.Build(dense.Output);

        Assert.Equal(["flat", "head/dense"], graph.Nodes.Select(node => node.Name));
        Assert.Equal([kernel], graph.Parameters);
        Assert.Same(dense, graph.Producer(dense.Output));
        Assert.Null(graph.Producer(_image));
        Assert.Equal([dense], graph.Consumers(flat));
        Assert.Same(dense, graph.Node("head/dense"));
        Assert.Equal("head", dense.LayerName);
        Assert.Equal("Dense", dense.LayerType);
        Assert.Equal([Dimension.Batch, 10], dense.Output.Shape);
    }

    [Fact]
    public void Parameters_are_in_the_order_of_their_first_use()
    {
        Parameter second = _builder.Parameter("second", [3], Constant.Zeros);
        Parameter first = _builder.Parameter("first", [3], Constant.Zeros);
        Value value = _builder.Add("a", new Binary(BinaryFunction.Add), [_image, first]).Output;
        value = _builder.Add("b", new Binary(BinaryFunction.Add), [value, second]).Output;
        value = _builder.Add("c", new Binary(BinaryFunction.Add), [value, first]).Output;
        Assert.Equal([first, second], _builder.Build(value).Parameters);
    }

    [Fact]
    public void A_shape_mismatch_names_the_node_and_the_shapes()
    {
        Value other = _builder.Input("other", new TensorSpec([Dimension.Batch, 8, 7, 3]));
        AssertError(
            () => _builder.Add("block/sum", new Binary(BinaryFunction.Add), [_image, other]),
            "Node 'block/sum' (Add)",
            "(N=batch, H=8, W=9, C=3)",
            "(N=batch, H=8, W=7, C=3)",
            "dimension 2");
    }

    [Fact]
    public void Names_are_unique_among_nodes_and_values()
    {
        _builder.Add("relu", new Unary(UnaryFunction.Relu), [_image]);
        AssertError(() => _builder.Add("relu", new Unary(UnaryFunction.Relu), [_image]), "Two nodes are named 'relu'");
        AssertError(() => _builder.Add("image", new Unary(UnaryFunction.Relu), [_image]), "Two values are named 'image'");
        AssertError(() => _builder.Input("image", new TensorSpec([1])), "Two values are named 'image'");
        AssertError(() => _builder.Parameter("image", [1], Constant.Zeros), "Two values are named 'image'");
    }

    [Fact]
    public void Values_of_another_graph_are_refused()
    {
        Value foreign = new GraphBuilder().Input("image", new TensorSpec([Dimension.Batch, 8, 9, 3]));
        AssertError(() => _builder.Add("relu", new Unary(UnaryFunction.Relu), [foreign]), "'relu'", "'image'", "not a value of this graph");
        AssertError(() => _builder.Build(foreign), "The output 'image'");
    }

    [Fact]
    public void Shapes_of_inputs_and_parameters_are_checked()
    {
        AssertError(() => _builder.Input("empty", new TensorSpec([Dimension.Batch, 0, 3])), "'empty'", "(batch, 0, 3)", "at least 1");
        AssertError(() => _builder.Parameter("open", [Dimension.Batch, 3], Constant.Zeros), "'open'", "(batch, 3)");
        AssertError(() => _builder.Parameter("negative", [-1], Constant.Zeros), "'negative'", "(-1)");
    }

    [Fact]
    public void A_graph_has_an_output() => AssertError(() => _builder.Build(), "at least one output");

    [Fact]
    public void A_node_that_is_not_there_is_named_with_those_that_are()
    {
        Graph graph = _builder.Build(_builder.Add("relu", new Unary(UnaryFunction.Relu), [_image]).Output);
        AssertError(() => graph.Node("rely"), "'rely'", "relu");
    }

    private static void AssertError(Func<object> action, params string[] parts)
    {
        var exception = Assert.ThrowsAny<GraphException>(action);
        Assert.All(parts, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }
}
