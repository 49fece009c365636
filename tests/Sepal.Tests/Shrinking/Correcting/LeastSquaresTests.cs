using Sepal.Shrinking;
using Xunit;

namespace Sepal.Tests.Shrinking.Correcting;

public sealed class LeastSquaresTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 5, 7)]
    [InlineData(9, 4, 1030)]
    [InlineData(4, 9, 513)]
    public void Products_of_columns_are_those_of_a_loop(int left, int right, int rows)
    {
        Columns a = Random(rows + 3, left, seed: 1);
        Columns b = Random(rows + 3, right, seed: 2);
        double[] cross = ColumnProducts.Cross(a, b, rows);
        double[] gram = ColumnProducts.Gram(a, rows);
        for (int row = 0; row < left; row++)
        {
            for (int column = 0; column < right; column++)
            {
                Assert.Equal(Dot(a[row], b[column], rows), cross[(row * right) + column], 1e-9);
            }

            for (int column = 0; column < left; column++)
            {
                Assert.Equal(Dot(a[row], a[column], rows), gram[(row * left) + column], 1e-9);
            }
        }
    }

    [Fact]
    public void At_the_solution_the_gradient_is_zero()
    {
        (int rows, int features, int targets) = (50, 6, 4);
        Columns z = Random(rows, features, seed: 1);
        Columns y = Random(rows, targets, seed: 2);
        double[] prior = Random(features, targets, seed: 3).Numbers;
        double[] gram = ColumnProducts.Gram(z, rows);
        double[] products = ColumnProducts.Cross(z, y, rows);
        foreach (double ridge in (double[])[1e-6, 0.1, 10])
        {
            double[] weights = RidgeRegression.Solve(gram, products, prior, ridge);
            for (int feature = 0; feature < features; feature++)
            {
                for (int target = 0; target < targets; target++)
                {
                    double gradient = ridge * gram[(feature * features) + feature] * (weights[(feature * targets) + target] - prior[(feature * targets) + target]);
                    for (int row = 0; row < rows; row++)
                    {
                        double fit = Enumerable.Range(0, features).Sum(other => z[other][row] * weights[(other * targets) + target]);
                        gradient -= z[feature][row] * (y[target][row] - fit);
                    }

                    Assert.Equal(0, gradient, 1e-6);
                }
            }
        }
    }

    [Fact]
    public void Weights_of_features_that_are_always_zero_stay()
    {
        var z = new Columns(10, 2);
        Random(10, 1, seed: 1)[0].CopyTo(z[0]);
        double[] weights = RidgeRegression.Solve(ColumnProducts.Gram(z, 10), [3, 0], [1, 0.7], 1e-3);

        Assert.Equal(0.7, weights[1], 1e-9);
        Assert.Equal([0.5], RidgeRegression.Solve([0], [0], [0.5], 1e-3));
    }

    private static double Dot(Span<double> left, Span<double> right, int rows)
    {
        double sum = 0;
        for (int row = 0; row < rows; row++)
        {
            sum += left[row] * right[row];
        }

        return sum;
    }

    private static Columns Random(int rows, int count, int seed)
    {
        var random = new Random(seed);
        var columns = new Columns(rows, count);
        for (int index = 0; index < columns.Numbers.Length; index++)
        {
            columns.Numbers[index] = random.NextDouble() - 0.5;
        }

        return columns;
    }
}
