using Sepal.Kernels.MatrixProducts;
using Sepal.Operators;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class MatMulTests
{
    [Fact]
    public void Matches_the_reference_for_every_number_of_columns()
    {
        foreach (int columns in TestNumbers.Channels)
        {
            Check([3, 5, 7], [7, columns]);
            Check([2, 13, columns], [2, columns, 3]);
        }
    }

    [Fact]
    public void Repeats_matrices_as_NumPy_does()
    {
        int[][] batches = [[], [1], [2], [3, 1], [3, 2], [1, 2], [1, 1]];
        foreach (int[] left in batches)
        {
            foreach (int[] right in batches)
            {
                Check([.. left, 4, 5], [.. right, 5, 6]);
            }
        }
    }

    [Fact]
    public void Takes_vectors()
    {
        Check([2, 5], [5]);
        Check([3, 2, 5], [5]);
        Check([5], [5, 4]);
        Check([5], [2, 5, 4]);
        Check([5], [3, 2, 5, 1]);
    }

    [Fact]
    public void Takes_a_parameter_as_its_right_operand()
    {
        Check([3, 9, 20], [20, 33], OperandKind.Weight);
        Check([2, 9, 20], [2, 20, 33], OperandKind.Weight);
        Check([3, 2, 4, 5], [2, 5, 6], OperandKind.Weight);
    }

    [Fact]
    public void Matches_the_reference_over_several_parts_and_passes()
    {
        Check([2, 700, 40], [40, 50]);
        Check([2, 300, 64], [2, 64, 70]);
    }

    [Fact]
    public void Matches_the_reference_for_random_shapes()
    {
        for (int seed = 0; seed < 15; seed++)
        {
            var random = new Random(seed);
            int terms = random.Next(1, 40);
            int[] batch = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => random.Next(1, 4))];
            Check(
                [.. batch, random.Next(1, 30), terms],
                [.. batch.Select(extent => random.Next(2) == 0 ? 1 : extent), terms, random.Next(1, 80)]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(70)]
    public unsafe void Stays_within_its_memory(int columns)
    {
        const int rows = 13;
        const int terms = 6;
        PlainProduct kernel = PlainProduct.Create(new ProductShape(rows, terms, columns));
        using var left = new GuardedBuffer(TestNumbers.Uniform(new Random(1), rows * terms));
        using var right = new GuardedBuffer(TestNumbers.Uniform(new Random(2), terms * columns));
        using var packed = new GuardedBuffer(kernel.PackedLength);
        using var output = new GuardedBuffer(rows * columns);
        kernel.Pack(right.Pointer, packed.Pointer);
        kernel.Run(left.Pointer, packed.Pointer, output.Pointer, 0, rows);
        Assert.DoesNotContain(output.Span.ToArray(), float.IsNaN);
    }

    private static void Check(int[] left, int[] right, OperandKind kind = OperandKind.Data)
    {
        var random = new Random(1);
        bool hasBatch = left.Length > 2 && left.Length > right.Length && left[0] > 1;
        var harness = new OperatorHarness(new MatMul(), TestNumbers.Operand(random, left), TestNumbers.Operand(random, right, kind))
        {
            // The result is linear in each operand, so a wide step makes no error.
            Step = 0.25,
            OpenBatch = hasBatch,
            Terms = TestNumbers.Length(left) + TestNumbers.Length(right),
        };
        harness.CheckInference(Reference);
        harness.CheckTraining(Reference);
        if (hasBatch)
        {
            harness.CheckBatchSplits();
        }

        double[] Reference(double[][] operands) => ReferenceMatMul.Forward(operands[0], left, operands[1], right);
    }
}
