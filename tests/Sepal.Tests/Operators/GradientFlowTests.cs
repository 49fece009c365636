using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Training.Initializers;
using Xunit;

namespace Sepal.Tests.Operators;

/// <summary>How gradients find their way through whole graphs: branches, shared parameters, frozen ones.</summary>
public sealed class GradientFlowTests
{
    private readonly Random _random = new(1);
    private readonly GraphBuilder _builder = new();
    private readonly Dictionary<string, float[]> _values = [];

    [Fact]
    public void Gradients_of_a_value_read_by_several_nodes_add_up()
    {
        Value value = _builder.Add("value", new Rescaling(1), [Parameter("parameter", [3, 5])]).Output;
        Value tangent = _builder.Add("tanh", new Unary(UnaryFunction.Tanh), [value]).Output;
        Value sum = _builder.Add("sum", new Binary(BinaryFunction.Add), [tangent, value]).Output;
        Value square = _builder.Add("square", new Binary(BinaryFunction.Multiply), [value, value]).Output;
        Value flat = _builder.Add("flatten", new Flatten(), [value]).Output;
        Graph graph = _builder.Build(_builder.Add("all", new Concatenate(), [sum, square, flat]).Output);

        float[] ones = [.. Enumerable.Repeat(1f, 45)];
        TrainingRun run = TrainEveryWay(graph, [ones]);
        double[] expected = [.. _values["parameter"].Select(x => 1 - (Math.Tanh(x) * Math.Tanh(x)) + 1 + (2.0 * x) + 1)];
        Comparer.AssertClose(expected, run.Gradients["parameter"], 4, [3, 5], "gradient by a value read by five nodes");
    }

    [Fact]
    public void Gradients_of_a_parameter_used_twice_add_up()
    {
        Value kernel = Parameter("kernel", [4, 4]);
        Value input = Parameter("input", [3, 4]);
        Value once = _builder.Add("once", new Dense(4), [input, kernel]).Output;
        Graph graph = _builder.Build(_builder.Add("twice", new Dense(4), [once, kernel]).Output);

        float[] weights = TestNumbers.Uniform(_random, 12);
        TrainingRun run = TrainEveryWay(graph, [weights]);
        double[] matrix = Array.ConvertAll(_values["kernel"], value => (double)value);
        double[] image = Array.ConvertAll(_values["input"], value => (double)value);
        double Loss() => Product(Product(image, matrix), matrix).Zip(weights, (value, weight) => value * weight).Sum();
        Comparer.AssertClose(Differences(matrix, Loss), run.Gradients["kernel"], 30, [4, 4], "gradient by a kernel used twice");
        Comparer.AssertClose(Differences(image, Loss), run.Gradients["input"], 30, [3, 4], "gradient by the input of two layers");
    }

    [Fact]
    public void A_parameter_that_is_handed_a_gradient_through_gets_a_copy()
    {
        Value left = Parameter("left", [2, 3]);
        Value right = Parameter("right", [2, 3]);
        Graph graph = _builder.Build(_builder.Add("sum", new Binary(BinaryFunction.Add), [left, right]).Output);
        float[] gradient = TestNumbers.Uniform(_random, 6);
        TrainingRun run = TrainEveryWay(graph, [gradient]);
        Assert.Equal(gradient, run.Gradients["left"]);
        Assert.Equal(gradient, run.Gradients["right"]);
    }

    [Fact]
    public void An_output_that_the_loss_does_not_read_changes_nothing()
    {
        Value value = Parameter("value", [2, 3]);
        Value read = _builder.Add("read", new Rescaling(3), [value]).Output;
        Value unread = _builder.Add("unread", new Rescaling(5), [value]).Output;
        TrainingRun run = TrainEveryWay(_builder.Build(read, unread), [[1, 1, 1, 1, 1, 1], null]);
        Assert.All(run.Gradients["value"], gradient => Assert.Equal(3, gradient));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frozen_parameter_is_passed_by(bool convolution)
    {
        Value input = Parameter("input", [2, 3, 3, 4]);
        Value kernel = Parameter("kernel", convolution ? [1, 1, 4, 5] : [4, 5], trainable: false);
        Value bias = Parameter("bias", [5]);
        Value output = _builder.Add("node", convolution ? new Convolution(5, 1) : new Dense(5), [input, kernel, bias]).Output;
        TrainingRun run = TrainEveryWay(_builder.Build(output), [[.. Enumerable.Repeat(1f, 90)]]);
        Assert.Equal(["bias", "input"], run.Gradients.Keys.Order());
        Assert.All(run.Gradients["bias"], gradient => Assert.Equal(18, gradient));
    }

    [Fact]
    public void Nothing_is_asked_of_nodes_before_which_nothing_is_trained()
    {
        Value frozen = Parameter("frozen", [2, 3], trainable: false);
        Value before = _builder.Add("before", new Unary(UnaryFunction.Tanh), [frozen]).Output;
        Value trained = Parameter("trained", [2, 3]);
        Graph graph = _builder.Build(_builder.Add("product", new Binary(BinaryFunction.Multiply), [before, trained]).Output);
        TrainingRun run = TrainEveryWay(graph, [[1, 1, 1, 1, 1, 1]]);
        double[] expected = [.. _values["frozen"].Select(x => Math.Tanh(x))];
        Comparer.AssertClose(expected, Assert.Single(run.Gradients).Value, 1, [2, 3], "gradient by the only trained parameter");
    }

    [Fact]
    public void A_parameter_without_influence_on_the_loss_is_named()
    {
        Value value = Parameter("value", [2, 3]);
        Value read = _builder.Add("read", new Rescaling(3), [value]).Output;
        Value unread = _builder.Add("unread", new Binary(BinaryFunction.Add), [value, Parameter("idle", [2, 3])]).Output;
        Graph graph = _builder.Build(read, unread);
        var exception = Assert.Throws<SepalException>(() => GraphHarness.Train(graph, _values, [new float[6], null], 1, new RunOptions()));
        Assert.Contains("'idle'", exception.Message, StringComparison.Ordinal);
    }

    private static TrainingRun SameEveryWay(Func<RunOptions, TrainingRun> train)
    {
        TrainingRun first = train(new RunOptions());
        foreach (RunOptions options in RunOptions.Variants)
        {
            OperatorHarness.AssertSame(first, train(options), options.ToString());
        }

        return first;
    }

    /// <summary>Of [3, 4] and [4, 4].</summary>
    private static double[] Product(double[] left, double[] right) =>
        [.. Enumerable.Range(0, 12).Select(index => Enumerable.Range(0, 4).Sum(k => left[(index / 4 * 4) + k] * right[(k * 4) + (index % 4)]))];

    private static double[] Differences(double[] numbers, Func<double> loss)
    {
        const double step = 1e-5;
        return [.. Enumerable.Range(0, numbers.Length).Select(index =>
        {
            double kept = numbers[index];
            numbers[index] = kept + step;
            double above = loss();
            numbers[index] = kept - step;
            double below = loss();
            numbers[index] = kept;
            return (above - below) / (2 * step);
        })];
    }

    private TrainingRun TrainEveryWay(Graph graph, float[]?[] outputGradients) =>
        SameEveryWay(options => GraphHarness.Train(graph, _values, outputGradients, 1, options));

    private Parameter Parameter(string name, int[] shape, bool trainable = true)
    {
        _values.Add(name, TestNumbers.Uniform(_random, TestNumbers.Length(shape)));
        return _builder.Parameter(name, new Shape([.. shape.Select(dimension => (Dimension)dimension)]), Constant.Zeros, trainable: trainable);
    }
}
