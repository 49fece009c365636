using System.Numerics.Tensors;

namespace Sepal.Shrinking;

/// <summary>
/// Fits a depthwise → pointwise layer. The pointwise kernels of all terms are one linear regression on the depthwise outputs; with
/// them fixed, the filters of each input channel are another, one channel after the other (block coordinate descent).
/// </summary>
internal sealed class DepthwiseFirstFit
{
    private readonly DecoupledLayer _layer;
    private readonly LayerTargets _targets;
    private readonly LayerWindows _windows;
    private readonly CorrectionOptions _options;
    private readonly float[] _kernel;

    // What the fits aim at: the targets, but for outputs that a rectifier cuts off.
    private readonly Columns _goals;
    private readonly double[] _goalMeans;

    public DepthwiseFirstFit(Model original, DecoupledLayer layer, LayerSamples samples, LayerTargets targets, CorrectionOptions options)
    {
        _layer = layer;
        _targets = targets;
        _options = options;
        _windows = new LayerWindows(layer, samples, options.CorrectBias);
        _goals = new Columns(targets.FittedRows, layer.Filters);
        _goalMeans = new double[layer.Filters];
        for (int filter = 0; filter < layer.Filters; filter++)
        {
            targets.Outputs[filter][..targets.FittedRows].CopyTo(_goals[filter]);
        }

        _kernel = StoredNumbers.Read(original, layer.Original.Inputs[1]).ToArray();
    }

    private int Channels => _layer.InputChannels;

    private int Filters => _layer.Filters;

    private int Rank => _layer.Rank;

    /// <summary>Fits.</summary>
    /// <param name="present">The weights as they are.</param>
    /// <returns>The errors on held-out samples before and after, and the best weights.</returns>
    public (double Before, double After, LayerWeights Weights) Improve(LayerWeights present)
    {
        double before = Error(Features(present), Joined(present), Offsets(present));
        (double error, double ridge, LayerWeights weights) = FitPointwise(present, _options.Ridges);
        if (_options.Redecompose)
        {
            LayerWeights weighted = WeightedDecomposition.Of(_kernel, _layer, _windows, _targets.Factors, Rank);
            (double Error, double Ridge, LayerWeights Weights) other = FitPointwise(weighted, _options.Ridges);
            (error, ridge, weights) = other.Error < error ? other : (error, ridge, weights);
        }

        double best = error;
        LayerWeights chosen = weights;
        for (int round = 0; round < _options.Rounds; round++)
        {
            SetGoals(weights);
            weights = FitDepthwise(weights, ridge);
            (error, _, weights) = FitPointwise(weights, [ridge]);
            if (error < best)
            {
                (best, chosen) = (error, weights);
            }
        }

        return (before, best, chosen);
    }

    /// <summary>Sets what the fits aim at, by what the layer makes already.</summary>
    private void SetGoals(LayerWeights weights)
    {
        if (_targets.Rectifier is not { } rectifier)
        {
            return;
        }

        Columns features = Features(weights);
        double[] pointwise = Joined(weights);
        double[] offsets = Offsets(weights);
        Parallel.For(0, Filters, filter =>
        {
            var made = new double[_targets.FittedRows];
            Array.Fill(made, offsets[filter]);
            for (int feature = 0; feature < features.Count; feature++)
            {
                TensorPrimitives.MultiplyAdd(features[feature][.._targets.FittedRows], pointwise[(feature * Filters) + filter], made, made);
            }

            Span<double> wanted = _targets.Outputs[filter];
            Span<double> goals = _goals[filter];
            for (int row = 0; row < made.Length; row++)
            {
                goals[row] = rectifier.Goal(filter, wanted[row], made[row]);
            }

            _goalMeans[filter] = _options.CorrectBias ? TensorPrimitives.Sum<double>(goals) / goals.Length : 0;
        });
    }

    /// <summary>What the depthwise steps make, term after term: <c>[samples, rank · channels]</c>.</summary>
    private Columns Features(LayerWeights weights)
    {
        var features = new Columns(_windows.Rows, Rank * Channels);
        Parallel.For(0, Channels, channel =>
        {
            Columns windows = _windows.OfChannel(channel, _windows.Rows);
            for (int term = 0; term < Rank; term++)
            {
                Span<double> feature = features[(term * Channels) + channel];
                for (int tap = 0; tap < _windows.Taps; tap++)
                {
                    TensorPrimitives.MultiplyAdd(windows[tap], weights.Depthwise[term][(tap * Channels) + channel], feature, feature);
                }
            }
        });
        return features;
    }

    /// <summary>The pointwise kernels one above the other: <c>[rank · channels, filters]</c>.</summary>
    private static double[] Joined(LayerWeights weights) => [.. weights.Pointwise.SelectMany(kernel => kernel)];

    /// <summary>What a layer's own bias makes its output's means differ by from the targets' offsets.</summary>
    private double[] Offsets(LayerWeights weights)
    {
        double[] offsets = BiasLess(weights);
        for (int filter = 0; filter < Filters; filter++)
        {
            offsets[filter] = weights.Bias[filter] + offsets[filter] - _targets.Offsets[filter];
        }

        return offsets;
    }

    /// <summary>What the means that were taken off the windows make of each output.</summary>
    private double[] BiasLess(LayerWeights weights)
    {
        var sums = new double[Filters];
        for (int term = 0; term < Rank; term++)
        {
            for (int channel = 0; channel < Channels; channel++)
            {
                double mean = 0;
                for (int tap = 0; tap < _windows.Taps; tap++)
                {
                    mean += weights.Depthwise[term][(tap * Channels) + channel] * _windows.Mean(channel, tap);
                }

                for (int filter = 0; filter < Filters; filter++)
                {
                    sums[filter] += mean * weights.Pointwise[term][(channel * Filters) + filter];
                }
            }
        }

        return sums;
    }

    private double Error(Columns features, double[] pointwise, double[] offsets)
    {
        var squares = new double[Filters];
        Parallel.For(0, Filters, filter =>
        {
            var made = new double[_targets.Rows - _targets.FittedRows];
            Array.Fill(made, offsets[filter]);
            for (int feature = 0; feature < features.Count; feature++)
            {
                TensorPrimitives.MultiplyAdd(features[feature][_targets.FittedRows..], pointwise[(feature * Filters) + filter], made, made);
            }

            squares[filter] = _targets.Squares(filter, made);
        });
        return _targets.RelativeError(squares.Sum());
    }

    private (double Error, double Ridge, LayerWeights Weights) FitPointwise(LayerWeights weights, IReadOnlyList<double> ridges)
    {
        Columns features = Features(weights);
        double[] gram = ColumnProducts.Gram(features, _targets.FittedRows);
        double[] products = ColumnProducts.Cross(features, _goals, _targets.FittedRows);
        double[] prior = Joined(weights);
        (double Error, double Ridge, double[] Pointwise) best = (double.PositiveInfinity, ridges[0], prior);
        foreach (double ridge in ridges)
        {
            double[] pointwise = RidgeRegression.Solve(gram, products, prior, ridge);
            double error = Error(features, pointwise, _goalMeans);
            if (error < best.Error)
            {
                best = (error, ridge, pointwise);
            }
        }

        int length = Channels * Filters;
        LayerWeights fitted = weights with
        {
            Pointwise = [.. Enumerable.Range(0, Rank).Select(term => best.Pointwise.AsSpan(term * length, length).ToArray())],
        };
        return (best.Error, best.Ridge, WithBias(fitted));
    }

    private LayerWeights WithBias(LayerWeights weights)
    {
        double[] sums = BiasLess(weights);
        return weights with { Bias = [.. _targets.Offsets.Select((offset, filter) => offset + _goalMeans[filter] - sums[filter])] };
    }

    private LayerWeights FitDepthwise(LayerWeights weights, double ridge)
    {
        LayerWeights fitted = weights with { Depthwise = [.. weights.Depthwise.Select(kernel => (double[])kernel.Clone())] };
        var residual = new DepthwiseResidual(_windows, _targets, fitted, Residuals(weights));
        for (int channel = 0; channel < Channels; channel++)
        {
            residual.Improve(channel, ridge);
        }

        return fitted;
    }

    private Columns Residuals(LayerWeights weights)
    {
        Columns features = Features(weights);
        double[] pointwise = Joined(weights);
        var residuals = new Columns(_targets.FittedRows, Filters);
        Parallel.For(0, Filters, filter =>
        {
            Span<double> rest = residuals[filter];
            TensorPrimitives.Subtract(_goals[filter], _goalMeans[filter], rest);
            for (int feature = 0; feature < features.Count; feature++)
            {
                TensorPrimitives.MultiplyAdd(features[feature][.._targets.FittedRows], -pointwise[(feature * Filters) + filter], rest, rest);
            }
        });
        return residuals;
    }
}
