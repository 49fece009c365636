using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;

namespace Sepal.Shrinking;

/// <summary>
/// The rectifier after a layer, with the batch normalisation between them, as it looks from the layer's own output: of each channel it
/// cuts off what is below a threshold, or above it where the normalisation turns the sign.
/// </summary>
internal sealed class Rectifier
{
    private readonly double[] _thresholds;
    private readonly bool[] _cutsAbove;

    private Rectifier(double[] thresholds, bool[] cutsAbove)
    {
        _thresholds = thresholds;
        _cutsAbove = cutsAbove;
    }

    /// <summary>Finds the rectifier of a layer.</summary>
    /// <param name="original">The network.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="normalization">The batch normalisation that reads it, if one does.</param>
    /// <param name="offsets">What is taken off each channel's outputs.</param>
    /// <returns>The rectifier; null where the layer ends in none.</returns>
    public static Rectifier? Find(Model original, DecoupledLayer layer, Node? normalization, double[] offsets)
    {
        Value last = normalization?.Output ?? layer.Original.Output;
        if (original.Graph.OnlyReader(last) is not { Operator: Unary { Function: UnaryFunction.Relu or UnaryFunction.Relu6 } })
        {
            return null;
        }

        var thresholds = new double[offsets.Length];
        var cutsAbove = new bool[offsets.Length];
        for (int filter = 0; filter < offsets.Length; filter++)
        {
            cutsAbove[filter] = normalization is not null && StoredNumbers.Read(original, normalization.Inputs[1])[filter] < 0;
            double threshold = normalization is null ? 0 : Threshold(original, normalization, filter);

            // Without a scale, all passes or nothing does: the output makes no difference.
            thresholds[filter] = double.IsFinite(threshold) ? threshold - offsets[filter]
                : cutsAbove[filter] ? double.PositiveInfinity : double.NegativeInfinity;
        }

        return new Rectifier(thresholds, cutsAbove);
    }

    /// <summary>Cuts numbers of one channel off.</summary>
    public void Apply(int filter, Span<double> numbers)
    {
        foreach (ref double number in numbers)
        {
            number = Cut(filter, number);
        }
    }

    /// <summary>
    /// What a layer had best make: what the original makes where that passes; what it makes already where neither passes, since that
    /// is as good.
    /// </summary>
    /// <param name="filter">The channel.</param>
    /// <param name="wanted">What the original makes.</param>
    /// <param name="made">What the layer makes.</param>
    public double Goal(int filter, double wanted, double made) =>
        Cut(filter, wanted).Equals(wanted) ? wanted : _cutsAbove[filter] ? Math.Max(made, _thresholds[filter]) : Math.Min(made, _thresholds[filter]);

    /// <summary>Where the normalisation gives 0: γ·(y − mean)/√(variance + ε) + β = 0.</summary>
    private static double Threshold(Model original, Node normalization, int filter)
    {
        double[] statistics = [.. normalization.Inputs.Skip(1).Select(input => (double)StoredNumbers.Read(original, input)[filter])];
        (double gamma, double beta, double mean, double variance) = (statistics[0], statistics[1], statistics[2], statistics[3]);
        return mean - (beta * Math.Sqrt(variance + ((BatchNormalization)normalization.Operator).Epsilon) / gamma);
    }

    private double Cut(int filter, double number) =>
        _cutsAbove[filter] ? Math.Min(number, _thresholds[filter]) : Math.Max(number, _thresholds[filter]);
}
