using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Operators;

/// <summary>Comparisons, logical functions, and what is selected by them.</summary>
public sealed class ConditionTests
{
    private static readonly int[][] Shapes = [[3, 4, 5], [1, 4, 5], [3, 1, 5], [3, 4, 1], [1, 1, 1], [5], [4, 1], []];

    [Fact]
    public void Compares_numbers_of_every_type()
    {
        Check(ElementHarness.Tensor([4], 1.5f, 2, float.NaN, -1), ElementHarness.Tensor([4], 1.5f, 3, float.NaN, -2));
        Check(ElementHarness.Tensor<long>([4], 1, 2, long.MinValue, 5), ElementHarness.Tensor<long>([4], 1, 3, long.MaxValue, -2));
        Check(ElementHarness.Tensor<int>([4], 1, 2, -7, 5), ElementHarness.Tensor<int>([4], 1, 3, 7, -2));
        Check(ElementHarness.Tensor<sbyte>([4], 1, 2, -128, 5), ElementHarness.Tensor<sbyte>([4], 1, 3, 127, -2));
        Check(ElementHarness.Tensor<byte>([4], 1, 2, 255, 5), ElementHarness.Tensor<byte>([4], 1, 3, 0, 200));
        Check(ElementHarness.Booleans([4], true, false, true, false), ElementHarness.Booleans([4], true, false, false, true));
    }

    [Fact]
    public void Compares_with_repetition()
    {
        foreach (int[] left in Shapes)
        {
            foreach (int[] right in Shapes)
            {
                Check(ElementHarness.Random<sbyte>(new Random(1), left), ElementHarness.Random<sbyte>(new Random(2), right));
            }
        }
    }

    [Fact]
    public void Combines_conditions()
    {
        TensorData left = ElementHarness.Booleans([2, 2], false, false, true, true);
        TensorData right = ElementHarness.Booleans([2, 2], false, true, false, true);
        ElementHarness.AssertGives<byte>([0, 0, 0, 1], new Logical(LogicalFunction.And), left, right);
        ElementHarness.AssertGives<byte>([0, 1, 1, 1], new Logical(LogicalFunction.Or), left, right);
        ElementHarness.AssertGives<byte>([0, 1, 1, 0], new Logical(LogicalFunction.Xor), left, right);
        ElementHarness.AssertGives<byte>([1, 1, 1, 1], new Logical(LogicalFunction.Or), left, ElementHarness.Booleans([1], true));
    }

    [Fact]
    public void Selects_elements_of_every_type()
    {
        TensorData condition = ElementHarness.Booleans([3], true, false, true);
        ElementHarness.AssertGives([1f, 5, 3], new Where(), condition, ElementHarness.Tensor([3], 1f, 2, 3), ElementHarness.Tensor([3], 4f, 5, 6));
        ElementHarness.AssertGives<long>(
            [long.MaxValue, 5, 3], new Where(), condition, ElementHarness.Tensor<long>([3], long.MaxValue, 2, 3), ElementHarness.Tensor<long>([3], 4, 5, 6));
        ElementHarness.AssertGives<byte>(
            [1, 0, 0], new Where(), condition, ElementHarness.Booleans([3], true, true, false), ElementHarness.Booleans([3], true, false, true));
    }

    [Fact]
    public void Selects_with_repetition()
    {
        foreach (int[] first in Shapes)
        {
            foreach (int[] second in Shapes)
            {
                foreach (int[] third in Shapes)
                {
                    CheckSelection(first, second, third);
                }
            }
        }

        CheckSelection([1, 60, 1], [30, 1, 50], [30, 60, 50]);
    }

    [Fact]
    public void Refuses_other_types()
    {
        var builder = new GraphBuilder();
        Value floats = builder.Input("floats", new TensorSpec([3]));
        Value integers = builder.Input("integers", new TensorSpec([3], ElementType.Int32));
        Value booleans = builder.Input("booleans", new TensorSpec([3], ElementType.Boolean));
        Refuses("the types differ: Float32 and Int32", new Comparison(ComparisonFunction.Equal), floats, integers);
        Refuses("the types differ: Float32 and Int32", new Binary(BinaryFunction.Add), floats, integers);
        Refuses("the types differ: Float32 and Int32", new Where(), booleans, floats, integers);
        Refuses("the condition is not Boolean", new Where(), floats, floats, floats);
        Refuses("an input is not Boolean", new Logical(LogicalFunction.And), booleans, integers);
        Refuses("it does not apply to Boolean", new Binary(BinaryFunction.Add), booleans, booleans);
        Refuses("it does not apply to Float32. Received (3). Cast to Boolean", new Unary(UnaryFunction.Not), floats);
        Refuses("it does not apply to Int32. Received (3) Int32. Cast to Float32", new Unary(UnaryFunction.Exp), integers);

        void Refuses(string part, Operator @operator, params Value[] inputs) => Assert.Contains(
            part,
            Assert.Throws<GraphException>(() => builder.Add(part + @operator, @operator, [.. inputs])).Message,
            StringComparison.Ordinal);
    }

    private static void Check(TensorData left, TensorData right)
    {
        double[] a = Doubles(left);
        double[] b = Doubles(right);
        int[] leftShape = Dimensions(left);
        int[] rightShape = Dimensions(right);
        int[] whole = ReferenceBinary.Shape(leftShape, rightShape);
        foreach (ComparisonFunction function in Enum.GetValues<ComparisonFunction>())
        {
            byte[] expected = [.. Enumerable.Range(0, TestNumbers.Length(whole)).Select(index => Holds(
                function,
                a[ReferenceBinary.Position(index, whole, leftShape)],
                b[ReferenceBinary.Position(index, whole, rightShape)]))];
            ElementHarness.AssertGives(expected, new Comparison(function), left, right);
        }
    }

    private static byte Holds(ComparisonFunction function, double a, double b) => function switch
    {
        ComparisonFunction.Equal => a == b,
        ComparisonFunction.Greater => a > b,
        ComparisonFunction.GreaterOrEqual => a >= b,
        ComparisonFunction.Less => a < b,
        _ => a <= b,
    } ? (byte)1 : (byte)0;

    private static void CheckSelection(int[] first, int[] second, int[] third)
    {
        var random = new Random(1);
        bool[] conditions = [.. Enumerable.Range(0, TestNumbers.Length(first)).Select(_ => random.Next(2) == 0)];
        TensorData whenTrue = ElementHarness.Random<int>(random, second);
        TensorData whenFalse = ElementHarness.Random<int>(random, third);
        int[] whole = ReferenceBinary.Shape(ReferenceBinary.Shape(first, second), third);
        int[] expected = [.. Enumerable.Range(0, TestNumbers.Length(whole)).Select(index =>
            conditions[ReferenceBinary.Position(index, whole, first)]
                ? whenTrue.Elements<int>()[ReferenceBinary.Position(index, whole, second)]
                : whenFalse.Elements<int>()[ReferenceBinary.Position(index, whole, third)])];
        ElementHarness.AssertGives(expected, new Where(), ElementHarness.Booleans(first, conditions), whenTrue, whenFalse);
    }

    private static int[] Dimensions(TensorData data) => [.. data.Shape.Select(dimension => (int)dimension.Value)];

    private static double[] Doubles(TensorData data) => data.ElementType switch
    {
        ElementType.Float32 => Array.ConvertAll(data.Elements<float>().ToArray(), value => (double)value),
        ElementType.Int64 => Array.ConvertAll(data.Elements<long>().ToArray(), value => (double)value),
        ElementType.Int32 => Array.ConvertAll(data.Elements<int>().ToArray(), value => (double)value),
        ElementType.Int8 => Array.ConvertAll(data.Elements<sbyte>().ToArray(), value => (double)value),
        _ => Array.ConvertAll(data.Elements<byte>().ToArray(), value => (double)value),
    };
}
