using Sepal.Training.Checkpoints;
using Sepal.Training.Metrics;

namespace Sepal.Training;

/// <summary>The loss and metrics of the examples seen so far, added up in the order of the examples.</summary>
internal sealed class RunningMeans(IReadOnlyList<Metric> metrics)
{
    private readonly double[] _sums = new double[metrics.Count];
    private double _loss;
    private long _count;

    public double Loss => _loss / _count;

    /// <summary>Adds a batch.</summary>
    /// <param name="losses">One loss an example.</param>
    /// <param name="penalty">What regularisation adds to each.</param>
    /// <param name="outputs">The examples' outputs, one after another.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="classes">The outputs' last dimension.</param>
    public void Add(
        ReadOnlySpan<float> losses, double penalty, ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int classes)
    {
        int count = losses.Length;
        int outputLength = outputs.Length / count;
        int targetLength = targets.Length / count;
        for (int index = 0; index < count; index++)
        {
            _loss += losses[index] + penalty;
            ReadOnlySpan<float> output = outputs.Slice(index * outputLength, outputLength);
            ReadOnlySpan<float> target = targets.Slice(index * targetLength, targetLength);
            for (int metric = 0; metric < _sums.Length; metric++)
            {
                _sums[metric] += metrics[metric].Example(output, target, classes);
            }
        }

        _count += count;
    }

    /// <summary>The sums, for a checkpoint.</summary>
    public MeansRecord ToRecord() => new(_loss, [.. _sums], _count);

    /// <summary>Takes the sums of a checkpoint up.</summary>
    public void Restore(MeansRecord record)
    {
        _loss = record.Loss;
        _count = record.Count;
        for (int metric = 0; metric < _sums.Length; metric++)
        {
            _sums[metric] = record.Metrics[metric];
        }
    }

    /// <summary>The mean of a metric so far.</summary>
    public double Metric(int index) => _sums[index] / _count;

    /// <summary>All means by name, in the metrics' order.</summary>
    public OrderedDictionary<string, double> ToDictionary()
    {
        var result = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        for (int index = 0; index < _sums.Length; index++)
        {
            result.Add(metrics[index].Name, Metric(index));
        }

        return result;
    }
}
