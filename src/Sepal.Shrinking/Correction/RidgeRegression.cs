using MathNet.Numerics.LinearAlgebra;

namespace Sepal.Shrinking;

/// <summary>
/// Least squares that hold the weights to given ones: min ‖Z·W − Y‖² + λ·Σᵢ ‖zᵢ‖²·(wᵢ − w⁰ᵢ)², so that λ means the same for
/// features of any size: (G + λ·diag G)·W = ZᵀY + λ·diag G·W⁰.
/// </summary>
internal static class RidgeRegression
{
    // For features that are always zero: their weights stay.
    private const double LeastShare = 1e-9;

    /// <summary>Solves for several targets at once.</summary>
    /// <param name="gram">G = ZᵀZ, <c>[features, features]</c>.</param>
    /// <param name="products">ZᵀY, <c>[features, targets]</c>.</param>
    /// <param name="prior">W⁰, <c>[features, targets]</c>.</param>
    /// <param name="ridge">λ.</param>
    /// <returns>W, <c>[features, targets]</c>.</returns>
    public static double[] Solve(double[] gram, double[] products, double[] prior, double ridge)
    {
        int features = (int)Math.Sqrt(gram.Length);
        int targets = products.Length / features;
        double mean = 0;
        for (int feature = 0; feature < features; feature++)
        {
            mean += gram[(feature * features) + feature] / features;
        }

        if (mean <= 0)
        {
            return prior;
        }

        // Row after row of a symmetric matrix is column after column; the right sides are turned.
        var system = (double[])gram.Clone();
        var sides = new double[products.Length];
        for (int feature = 0; feature < features; feature++)
        {
            double hold = (ridge * gram[(feature * features) + feature]) + (LeastShare * mean);
            system[(feature * features) + feature] += hold;
            for (int target = 0; target < targets; target++)
            {
                int index = (feature * targets) + target;
                sides[(target * features) + feature] = products[index] + (hold * prior[index]);
            }
        }

        Matrix<double> left = Matrix<double>.Build.Dense(features, features, system);
        Matrix<double> right = Matrix<double>.Build.Dense(features, targets, sides);
        double[] solved = left.Cholesky().Solve(right).AsColumnMajorArray();
        var weights = new double[products.Length];
        for (int index = 0; index < weights.Length; index++)
        {
            (int target, int feature) = Math.DivRem(index, features);
            weights[(feature * targets) + target] = solved[index];
        }

        return weights;
    }
}
