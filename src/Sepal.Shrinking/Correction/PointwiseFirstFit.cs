using System.Numerics.Tensors;

namespace Sepal.Shrinking;

/// <summary>
/// Fits a pointwise → depthwise layer. With the pointwise kernels fixed, the filters of each output channel are a small linear
/// regression of their own; with the filters fixed, so are the pointwise columns of each output channel, which is done where the
/// regressions are few and small enough.
/// </summary>
internal sealed class PointwiseFirstFit(DecoupledLayer layer, LayerSamples samples, LayerTargets targets, CorrectionOptions options)
{
    // Multiplications that fitting all pointwise columns may take.
    private const double MostMultiplications = 1e11;

    private readonly LayerWindows _windows = new(layer, samples, options.CorrectBias);

    private int Channels => layer.InputChannels;

    private int Filters => layer.Filters;

    private int Rank => layer.Rank;

    private bool FitsPointwise => (double)Filters * Rank * Channels * Rank * Channels * targets.FittedRows <= MostMultiplications;

    /// <summary>Fits.</summary>
    /// <param name="present">The weights as they are.</param>
    /// <returns>The errors on held-out samples before and after, and the best weights.</returns>
    public (double Before, double After, LayerWeights Weights) Improve(LayerWeights present)
    {
        double before = Error(present);
        (double best, double ridge, LayerWeights weights) = Fit(present, options.Ridges, DepthwiseProblem);
        LayerWeights chosen = weights;
        for (int round = 0; round < options.Rounds && FitsPointwise; round++)
        {
            (_, _, weights) = Fit(weights, [ridge], PointwiseProblem);
            (double error, _, weights) = Fit(weights, [ridge], DepthwiseProblem);
            if (error < best)
            {
                (best, chosen) = (error, weights);
            }
        }

        return (before, best, chosen);
    }

    private double Error(LayerWeights weights)
    {
        var squares = new double[Filters];
        Parallel.For(0, Filters, filter =>
        {
            FilterProblem problem = DepthwiseProblem(weights, filter);
            squares[filter] = problem.Squares(problem.Present, weights.Bias[filter] + problem.MeanOf(problem.Present) - targets.Offsets[filter]);
        });
        return targets.RelativeError(squares.Sum());
    }

    /// <summary>Fits all output channels by each of some ridges, and takes that which is best for all together.</summary>
    private (double Error, double Ridge, LayerWeights Weights) Fit(
        LayerWeights weights, IReadOnlyList<double> ridges, Func<LayerWeights, int, FilterProblem> problemOf)
    {
        var squares = new double[ridges.Count][];
        LayerWeights[] results = [.. ridges.Select(_ => weights with
        {
            Depthwise = [.. weights.Depthwise.Select(kernel => (double[])kernel.Clone())],
            Pointwise = [.. weights.Pointwise.Select(kernel => (double[])kernel.Clone())],
            Bias = new double[Filters],
        })];
        for (int index = 0; index < ridges.Count; index++)
        {
            squares[index] = new double[Filters];
        }

        Parallel.For(0, Filters, filter =>
        {
            FilterProblem problem = problemOf(weights, filter);
            for (int index = 0; index < ridges.Count; index++)
            {
                double[] solution = problem.Solve(ridges[index]);
                squares[index][filter] = problem.Squares(solution, 0);
                problem.Write(results[index], solution);
                results[index].Bias[filter] = targets.Offsets[filter] - problem.MeanOf(solution);
            }
        });
        int best = 0;
        for (int index = 1; index < ridges.Count; index++)
        {
            best = squares[index].Sum() < squares[best].Sum() ? index : best;
        }

        return (targets.RelativeError(squares[best].Sum()), ridges[best], results[best]);
    }

    /// <summary>The regression of an output channel's filters on the pointwise outputs: features are terms' taps.</summary>
    private FilterProblem DepthwiseProblem(LayerWeights weights, int filter)
    {
        int taps = _windows.Taps;
        var problem = new FilterProblem(targets, filter, Rank * taps)
        {
            Place = feature => (weights.Depthwise, feature / taps, ((feature % taps) * Filters) + filter),
            Write = (result, solution) => Scatter(solution, result.Depthwise, feature => (feature / taps, ((feature % taps) * Filters) + filter)),
        };
        var window = new double[_windows.Rows];
        for (int channel = 0; channel < Channels; channel++)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                _windows.Read(channel, tap, 0, window);
                for (int term = 0; term < Rank; term++)
                {
                    problem.Add((term * taps) + tap, window, weights.Pointwise[term][(channel * Filters) + filter], _windows.Mean(channel, tap));
                }
            }
        }

        return problem;
    }

    /// <summary>The regression of an output channel's pointwise columns: features are the input channels under each term's filter.</summary>
    private FilterProblem PointwiseProblem(LayerWeights weights, int filter)
    {
        var problem = new FilterProblem(targets, filter, Rank * Channels)
        {
            Place = feature => (weights.Pointwise, feature / Channels, ((feature % Channels) * Filters) + filter),
            Write = (result, solution) => Scatter(solution, result.Pointwise, feature => (feature / Channels, ((feature % Channels) * Filters) + filter)),
        };
        var window = new double[_windows.Rows];
        for (int channel = 0; channel < Channels; channel++)
        {
            for (int tap = 0; tap < _windows.Taps; tap++)
            {
                _windows.Read(channel, tap, 0, window);
                for (int term = 0; term < Rank; term++)
                {
                    problem.Add((term * Channels) + channel, window, weights.Depthwise[term][(tap * Filters) + filter], _windows.Mean(channel, tap));
                }
            }
        }

        return problem;
    }

    private static void Scatter(double[] solution, double[][] kernels, Func<int, (int Term, int Index)> place)
    {
        for (int feature = 0; feature < solution.Length; feature++)
        {
            (int term, int index) = place(feature);
            kernels[term][index] = solution[feature];
        }
    }

    /// <summary>The regression of one output channel.</summary>
    private sealed class FilterProblem(LayerTargets targets, int filter, int features)
    {
        private readonly Columns _features = new(targets.Rows, features);
        private readonly double[] _means = new double[features];
        private double[]? _gram;
        private double[]? _products;

        /// <summary>Where the present weight of a feature is: among which kernels, in which term, and where in it.</summary>
        public required Func<int, (double[][] Kernels, int Term, int Index)> Place { get; init; }

        /// <summary>Puts a solution in its place.</summary>
        public required Action<LayerWeights, double[]> Write { get; init; }

        /// <summary>The present weights.</summary>
        public double[] Present => [.. Enumerable.Range(0, features).Select(feature =>
        {
            (double[][] kernels, int term, int index) = Place(feature);
            return kernels[term][index];
        })];

        public void Add(int feature, double[] window, double factor, double mean)
        {
            TensorPrimitives.MultiplyAdd(window, factor, _features[feature], _features[feature]);
            _means[feature] += factor * mean;
        }

        /// <summary>What the means that were taken off the windows make.</summary>
        public double MeanOf(double[] weights) => TensorPrimitives.Dot<double>(_means, weights);

        public double[] Solve(double ridge)
        {
            _gram ??= ColumnProducts.Gram(_features, targets.FittedRows);
            if (_products is null)
            {
                _products = new double[features];
                for (int feature = 0; feature < features; feature++)
                {
                    _products[feature] = TensorPrimitives.Dot<double>(
                        _features[feature][..targets.FittedRows], targets.Outputs[filter][..targets.FittedRows]);
                }
            }

            return RidgeRegression.Solve(_gram, _products, Present, ridge);
        }

        /// <summary>The weighted sum of square errors over held-out samples.</summary>
        public double Squares(double[] weights, double offset)
        {
            var made = new double[targets.Rows - targets.FittedRows];
            Array.Fill(made, offset);
            for (int feature = 0; feature < features; feature++)
            {
                TensorPrimitives.MultiplyAdd(_features[feature][targets.FittedRows..], weights[feature], made, made);
            }

            return targets.Squares(filter, made);
        }
    }
}
