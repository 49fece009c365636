using System.Numerics.Tensors;
using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;

namespace Sepal.Shrinking;

/// <summary>What a layer is to make: the original's output less its means, and how much each channel counts.</summary>
internal sealed class LayerTargets
{
    private readonly double _deviation;

    public LayerTargets(Model original, DecoupledLayer layer, LayerSamples samples, double[]? bias)
    {
        Rows = samples.Rows;
        FittedRows = samples.FittedRows;
        Node? normalization = NormalizationOf(original, layer);
        Factors = FactorsOf(original, normalization, layer.Filters);
        Outputs = new Columns(samples.Rows, layer.Filters);
        Offsets = bias ?? new double[layer.Filters];
        for (int filter = 0; filter < layer.Filters; filter++)
        {
            Span<double> column = Outputs[filter];
            TensorPrimitives.ConvertTruncating<float, double>(samples.Target(filter), column);
            double mean = TensorPrimitives.Sum<double>(column[..FittedRows]) / FittedRows;
            if (bias is null)
            {
                Offsets[filter] = mean;
            }

            TensorPrimitives.Subtract<double>(column, Offsets[filter], column);
        }

        Rectifier = Rectifier.Find(original, layer, normalization, Offsets);
        for (int filter = 0; filter < layer.Filters; filter++)
        {
            double[] heldOut = Outputs[filter][FittedRows..].ToArray();
            Rectifier?.Apply(filter, heldOut);
            double mean = heldOut.Average();
            _deviation += Factors[filter] * heldOut.Sum(number => (number - mean) * (number - mean));
        }
    }

    /// <summary>Samples.</summary>
    public int Rows { get; }

    /// <summary>Those to fit to; the others are to judge by.</summary>
    public int FittedRows { get; }

    /// <summary>For every output channel, how much its square error counts: as the batch normalisation that reads it scales it.</summary>
    public double[] Factors { get; }

    /// <summary>For every output channel, what the original made less <see cref="Offsets"/>.</summary>
    public Columns Outputs { get; }

    /// <summary>For every output channel, its mean over the samples to fit to; the bias where that is to stay.</summary>
    public double[] Offsets { get; }

    /// <summary>The rectifier that the layer ends in, if it does.</summary>
    public Rectifier? Rectifier { get; }

    /// <summary>The weighted sum of one channel's square errors over held-out samples, as the rectifier leaves them.</summary>
    /// <param name="filter">The channel.</param>
    /// <param name="made">What the layer makes of the held-out samples, less <see cref="Offsets"/>; is changed.</param>
    public double Squares(int filter, double[] made)
    {
        double[] wanted = Outputs[filter][FittedRows..].ToArray();
        Rectifier?.Apply(filter, wanted);
        Rectifier?.Apply(filter, made);
        TensorPrimitives.Subtract<double>(made, wanted, made);
        return Factors[filter] * TensorPrimitives.SumOfSquares<double>(made);
    }

    /// <summary>The root of a weighted sum of square errors over held-out samples, as a share of the outputs' own.</summary>
    public double RelativeError(double squares) => _deviation > 0 ? Math.Sqrt(squares / _deviation) : 0;

    /// <summary>The batch normalisation that is all that reads the layer, if there is one.</summary>
    private static Node? NormalizationOf(Model original, DecoupledLayer layer) =>
        original.Graph.OnlyReader(layer.Original.Output) is { Operator: BatchNormalization } node
            && node.Inputs[0] == layer.Original.Output
            && node.Inputs.Skip(1).All(input => input.IsStored())
            ? node
            : null;

    private static double[] FactorsOf(Model original, Node? normalization, int filters)
    {
        var factors = new double[filters];
        Array.Fill(factors, 1);
        if (normalization is null)
        {
            return factors;
        }

        ReadOnlySpan<float> gamma = StoredNumbers.Read(original, normalization.Inputs[1]);
        ReadOnlySpan<float> variance = StoredNumbers.Read(original, normalization.Inputs[4]);
        double epsilon = ((BatchNormalization)normalization.Operator).Epsilon;
        double largest = 0;
        for (int filter = 0; filter < filters; filter++)
        {
            factors[filter] = (double)gamma[filter] * gamma[filter] / (variance[filter] + epsilon);
            largest = Math.Max(largest, factors[filter]);
        }

        // A channel that the normalisation switches off still counts a little, so that its weights are defined.
        return largest > 0 ? Array.ConvertAll(factors, factor => (factor / largest) + 1e-6) : Array.ConvertAll(factors, _ => 1.0);
    }
}
