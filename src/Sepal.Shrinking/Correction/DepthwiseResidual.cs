using System.Numerics.Tensors;

namespace Sepal.Shrinking;

/// <summary>
/// What a depthwise → pointwise layer still gets wrong, and how the filters of one input channel make it less, all others fixed. With
/// Pₘ the channel's pointwise rows, F the channels' factors and Xₘ its windows, the filters' change D minimises ‖R − Xₘ·D·Pₘ‖²_F:
/// (PₘFPₘᵀ ⊗ XₘᵀXₘ)·vec D = vec(Xₘᵀ·R·F·Pₘᵀ).
/// </summary>
internal sealed class DepthwiseResidual(LayerWindows windows, LayerTargets targets, LayerWeights weights, Columns residuals)
{
    // Sums of samples are shared out in pieces of this size, whatever the number of threads.
    private const int Piece = 1024;

    private int Filters => residuals.Count;

    private int Rank => weights.Depthwise.Length;

    /// <summary>Fits the filters of one channel.</summary>
    public void Improve(int channel, double ridge)
    {
        int taps = windows.Taps;
        int unknowns = Rank * taps;
        Columns samples = windows.OfChannel(channel, targets.FittedRows);
        double[] moments = ColumnProducts.Gram(samples, targets.FittedRows);
        double[] products = Products(channel, samples);
        var gram = new double[unknowns * unknowns];
        for (int index = 0; index < gram.Length; index++)
        {
            (int row, int column) = Math.DivRem(index, unknowns);
            gram[index] = Mixing(channel, row / taps, column / taps) * moments[((row % taps) * taps) + (column % taps)];
        }

        // The prior of the change is none.
        double[] change = RidgeRegression.Solve(gram, products, new double[unknowns], ridge);
        Subtract(channel, samples, change);
        for (int unknown = 0; unknown < unknowns; unknown++)
        {
            (int term, int tap) = Math.DivRem(unknown, taps);
            weights.Depthwise[term][(tap * windows.Channels) + channel] += change[unknown];
        }
    }

    private ReadOnlySpan<double> Row(int channel, int term) => weights.Pointwise[term].AsSpan(channel * Filters, Filters);

    private double Mixing(int channel, int left, int right)
    {
        ReadOnlySpan<double> a = Row(channel, left);
        ReadOnlySpan<double> b = Row(channel, right);
        double sum = 0;
        for (int filter = 0; filter < Filters; filter++)
        {
            sum += a[filter] * targets.Factors[filter] * b[filter];
        }

        return sum;
    }

    private double[] Products(int channel, Columns samples)
    {
        int pieces = (targets.FittedRows + Piece - 1) / Piece;
        var partials = new double[pieces][];
        Parallel.For(0, pieces, piece =>
        {
            int from = piece * Piece;
            int length = Math.Min(Piece, targets.FittedRows - from);
            var mixed = new double[length];
            partials[piece] = new double[Rank * samples.Count];
            for (int term = 0; term < Rank; term++)
            {
                Array.Clear(mixed);
                ReadOnlySpan<double> row = Row(channel, term);
                for (int filter = 0; filter < Filters; filter++)
                {
                    TensorPrimitives.MultiplyAdd(residuals[filter].Slice(from, length), row[filter] * targets.Factors[filter], mixed, mixed);
                }

                for (int tap = 0; tap < samples.Count; tap++)
                {
                    partials[piece][(term * samples.Count) + tap] = TensorPrimitives.Dot<double>(samples[tap].Slice(from, length), mixed);
                }
            }
        });
        double[] sums = partials[0];
        foreach (double[] partial in partials.AsSpan(1))
        {
            TensorPrimitives.Add<double>(sums, partial, sums);
        }

        return sums;
    }

    private void Subtract(int channel, Columns samples, double[] change) =>
        Parallel.For(0, (targets.FittedRows + Piece - 1) / Piece, piece =>
        {
            int from = piece * Piece;
            int length = Math.Min(Piece, targets.FittedRows - from);
            var mixed = new double[length];
            for (int term = 0; term < Rank; term++)
            {
                Array.Clear(mixed);
                for (int tap = 0; tap < samples.Count; tap++)
                {
                    TensorPrimitives.MultiplyAdd(samples[tap].Slice(from, length), change[(term * samples.Count) + tap], mixed, mixed);
                }

                ReadOnlySpan<double> row = Row(channel, term);
                for (int filter = 0; filter < Filters; filter++)
                {
                    Span<double> rest = residuals[filter].Slice(from, length);
                    TensorPrimitives.MultiplyAdd(mixed, -row[filter], rest, rest);
                }
            }
        });
}
