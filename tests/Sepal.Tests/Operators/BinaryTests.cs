using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Tests.References;
using Sepal.Training.Initializers;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class BinaryTests
{
    public static TheoryData<BinaryFunction> Functions { get; } = [.. Enum.GetValues<BinaryFunction>()];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_the_reference_for_every_channel_count(BinaryFunction function)
    {
        foreach (int channels in TestNumbers.Channels)
        {
            Check(function, [3, 4, 5, channels], [3, 4, 5, channels], channels);
            Check(function, [3, 4, 5, channels], [3, 1, 1, channels], channels);
            Check(function, [3, 4, 5, channels], [3, 4, 5, 1], channels);
            Check(function, [1, 4, 5, channels], [1, 1, 1, channels], channels);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Repeats_either_operand_along_any_axes(BinaryFunction function)
    {
        int[][] shapes = [[3, 4, 5, 6], [1, 4, 5, 6], [3, 1, 5, 6], [3, 4, 1, 6], [3, 4, 5, 1], [1, 1, 5, 6], [3, 1, 5, 1], [1, 1, 1, 1], [5, 6], [6], [4, 1, 1]];
        foreach (int[] left in shapes)
        {
            foreach (int[] right in shapes)
            {
                Check(function, left, right, 1);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Adds_gradients_up_over_several_shards(BinaryFunction function)
    {
        Check(function, [2, 60, 50, 17], [17], 1);
        Check(function, [2, 60, 50, 17], [1, 1, 1, 1], 1);
        Check(function, [3, 50, 40, 8], [3, 1, 1, 8], 1);
        Check(function, [1, 50, 400, 3], [1, 50, 400, 1], 1);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_the_reference_for_random_shapes(BinaryFunction function)
    {
        for (int seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            int[] whole = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(1, 7))];
            int[] right = [.. whole.Select(dimension => random.Next(2) == 0 ? 1 : dimension)];
            int[] left = [.. whole.Select((dimension, axis) => axis > 0 && right[axis] > 1 && random.Next(2) == 0 ? 1 : dimension)];
            Check(function, left, right, seed);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Takes_the_same_operand_twice(BinaryFunction function)
    {
        float[] numbers = TestNumbers.Uniform(new Random(1), 35);
        GraphBuilder builder = new();
        Value value = builder.Parameter("value", [5, 7], Constant.Zeros);
        Graph graph = builder.Build(builder.Add("twice", new Binary(function), [value, value]).Output);
        float[] ones = [.. Enumerable.Repeat(1f, 35)];
        TrainingRun run = GraphHarness.Train(graph, new Dictionary<string, float[]> { ["value"] = numbers }, [ones], 1, new RunOptions());
        Assert.Equal(
            numbers.Select(number => function == BinaryFunction.Add ? 2 : number + number), run.Gradients["value"]);
    }

    private static void Check(BinaryFunction function, int[] left, int[] right, int seed)
    {
        var random = new Random(seed);
        var harness = new OperatorHarness(
            new Binary(function), TestNumbers.Operand(random, left), TestNumbers.Operand(random, right))
        {
            Terms = TestNumbers.Length(ReferenceBinary.Shape(left, right)) / Math.Min(TestNumbers.Length(left), TestNumbers.Length(right)),
        };
        harness.Check(operands => ReferenceBinary.Forward(function, operands[0], left, operands[1], right));
    }
}
