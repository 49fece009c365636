using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Tests.Operators;
using Sepal.Training.Initializers;
using Xunit;

namespace Sepal.Tests.Graphs;

public sealed class ConstantTests
{
    [Fact]
    public void A_constant_takes_part_in_a_run()
    {
        var builder = new GraphBuilder();
        Value input = builder.Input("x", new TensorSpec(new Shape(2, 3)));
        ConstantValue constant = builder.Constant("c", TensorData.Of<float>([3], ElementType.Float32, [1, 10, 100]));
        Graph graph = builder.Build(builder.Add("sum", new Binary(BinaryFunction.Add), [input, constant]).Output);

        float[][] outputs = GraphHarness.Infer(
            graph, new Dictionary<string, float[]> { ["x"] = [1, 2, 3, 4, 5, 6] }, batch: 1, new RunOptions());

        Assert.Equal([2f, 12, 103, 5, 15, 106], outputs[0]);
        Assert.Equal([constant], graph.Constants);
        Assert.Empty(graph.Parameters);
    }

    [Fact]
    public void Bytes_must_be_as_many_as_the_shape_takes()
    {
        GraphException error = Assert.Throws<GraphException>(() => new TensorData([2, 2], ElementType.Int64, new byte[31]));

        Assert.Equal("A constant of the shape (2, 2) and type Int64 takes 32 bytes, but 31 were given.", error.Message);
    }

    [Theory]
    [InlineData(ElementType.Float32, 4)]
    [InlineData(ElementType.BFloat16, 2)]
    [InlineData(ElementType.UInt64, 8)]
    [InlineData(ElementType.Boolean, 1)]
    public void Values_take_the_bytes_of_their_type(ElementType type, int bytes)
    {
        var builder = new GraphBuilder();
        Value input = builder.Input("x", new TensorSpec(new Shape(2, 3), type));
        Graph graph = builder.Build(builder.Add("same", new Reshape([1, 3]), [input]).Output);
        using var store = new Sepal.Execution.ParameterStore(graph);

        ForwardPlan plan = PlanCompiler.CompileInference(graph, store, new Dictionary<string, long>());

        Assert.Equal(6 * bytes, plan.Inputs[0].ByteCount);
    }

    [Fact]
    public void Given_numbers_start_a_parameter_and_must_be_as_many()
    {
        var builder = new GraphBuilder();
        Value input = builder.Input("x", new TensorSpec(new Shape(1, 2)));
        Parameter given = builder.Parameter("w", [2], new Given(new float[] { 3, 4 }));
        using var model = new Model(builder.Build(builder.Add("product", new Binary(BinaryFunction.Multiply), [input, given]).Output));
        Assert.Equal([3f, 4], model.GetParameter(given).ToArray());

        var wrong = new GraphBuilder();
        Value other = wrong.Input("x", new TensorSpec(new Shape(1, 2)));
        Parameter few = wrong.Parameter("w", [2], new Given(new float[] { 3 }));
        Graph graph = wrong.Build(wrong.Add("product", new Binary(BinaryFunction.Multiply), [other, few]).Output);
        SepalException error = Assert.Throws<SepalException>(() => new Model(graph));
        Assert.StartsWith("A parameter has 2 numbers, but its initialiser gives 1.", error.Message, StringComparison.Ordinal);
    }
}
