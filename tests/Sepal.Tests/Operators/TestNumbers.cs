namespace Sepal.Tests.Operators;

/// <summary>Numbers for operands, and the shapes worth trying.</summary>
internal static class TestNumbers
{
    /// <summary>Channel counts below, at and above every vector width.</summary>
    public static int[] Channels { get; } = [1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 64, 96];

    /// <summary>Numbers between −1 and 1.</summary>
    public static float[] Uniform(Random random, long count) => Uniform(random, count, -1, 1);

    /// <summary>Numbers between two bounds.</summary>
    public static float[] Uniform(Random random, long count, float low, float high)
    {
        var numbers = new float[count];
        for (long index = 0; index < count; index++)
        {
            numbers[index] = low + ((high - low) * random.NextSingle());
        }

        return numbers;
    }

    /// <summary>Numbers between two bounds, none nearer than a hundredth to a kink.</summary>
    public static float[] AwayFrom(Random random, long count, float low, float high, params float[] kinks) =>
        Array.ConvertAll(Uniform(random, count, low, high), number =>
            kinks.Aggregate(number, (moved, kink) => MathF.Abs(moved - kink) < 0.01f ? moved + 0.03f : moved));

    /// <summary>Different numbers between −2 and 2 in random order, no two of them near each other.</summary>
    public static float[] Distinct(Random random, int count)
    {
        float[] numbers = [.. Enumerable.Range(0, count).Select(index => (4f * index / count) - 2)];
        random.Shuffle(numbers);
        return numbers;
    }

    /// <summary>An operand of uniform numbers.</summary>
    public static Operand Operand(Random random, int[] shape, OperandKind kind = OperandKind.Data) =>
        new(shape, Uniform(random, Length(shape)), kind);

    /// <summary>The product of dimensions.</summary>
    public static int Length(int[] shape) => shape.Aggregate(1, (product, dimension) => product * dimension);
}
