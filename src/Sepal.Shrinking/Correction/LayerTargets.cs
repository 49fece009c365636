using System.Numerics.Tensors;
using Sepal.Graphs;
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
        Factors = FactorsOf(original, layer);
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
            double heldOutMean = TensorPrimitives.Sum<double>(column[FittedRows..]) / (Rows - FittedRows);
            foreach (double number in column[FittedRows..])
            {
                _deviation += Factors[filter] * (number - heldOutMean) * (number - heldOutMean);
            }
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

    /// <summary>The root of a weighted sum of square errors over held-out samples, as a share of the outputs' own.</summary>
    public double RelativeError(double squares) => _deviation > 0 ? Math.Sqrt(squares / _deviation) : 0;

    private static double[] FactorsOf(Model original, DecoupledLayer layer)
    {
        var factors = new double[layer.Filters];
        Array.Fill(factors, 1);
        if (original.Graph.Consumers(layer.Original.Output) is not [{ Operator: BatchNormalization normalization } node]
            || node.Inputs[0] != layer.Original.Output || !node.Inputs.Skip(1).All(input => input is Parameter or ConstantValue))
        {
            return factors;
        }

        ReadOnlySpan<float> gamma = StoredNumbers.Read(original, node.Inputs[1]);
        ReadOnlySpan<float> variance = StoredNumbers.Read(original, node.Inputs[4]);
        double largest = 0;
        for (int filter = 0; filter < factors.Length; filter++)
        {
            factors[filter] = (double)gamma[filter] * gamma[filter] / (variance[filter] + (double)normalization.Epsilon);
            largest = Math.Max(largest, factors[filter]);
        }

        // A channel that the normalisation switches off still counts a little, so that its weights are defined.
        return largest > 0 ? Array.ConvertAll(factors, factor => (factor / largest) + 1e-6) : Array.ConvertAll(factors, _ => 1.0);
    }
}
