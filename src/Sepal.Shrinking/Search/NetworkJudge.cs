using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Training;
using Sepal.Training.Metrics;

namespace Sepal.Shrinking.Search;

/// <summary>Measures networks on images beside an original, whose outputs are computed once.</summary>
public sealed class NetworkJudge
{
    private const int MostImagesAtOnce = 64;
    private const double LeastProbability = 1e-7;
    private const double SumTolerance = 1e-3;

    private readonly Dataset _images;
    private readonly Graph _original;
    private readonly int _threads;
    private readonly int _outputLength;
    private readonly float[] _outputs;
    private readonly int[] _labels;
    private readonly bool _givesProbabilities;

    /// <summary>Runs the original on images.</summary>
    /// <param name="original">The network that others are held against.</param>
    /// <param name="images">The images.</param>
    /// <param name="hasLabels">
    /// Whether their targets are class numbers, or one number a class, and are to be used. A network that does not classify is held
    /// against the original in any case.
    /// </param>
    /// <param name="threads">Threads to compute with; makes no difference to the result.</param>
    /// <param name="cancellationToken">Ends it between two kernel calls.</param>
    /// <exception cref="SepalException">The images or their labels do not fit the network.</exception>
    public NetworkJudge(Model original, Dataset images, bool hasLabels, int threads, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(images);
        RequireFit(original.Graph, images);
        _original = original.Graph;
        _images = images;
        _threads = threads;
        _outputLength = checked((int)_original.Outputs[0].Shape.WithoutBatch().ElementCount.Value);
        Kind = ClassCount(_original) is null ? QualityKind.Fidelity : hasLabels ? QualityKind.Accuracy : QualityKind.Agreement;
        _outputs = new float[checked(images.Count * _outputLength)];
        _labels = new int[images.Count];
        Run(original, _outputs, _labels, cancellationToken);
        _givesProbabilities = Enumerable.Range(0, images.Count).All(image => IsDistribution(Row(_outputs, image)));
        Original = Measure(_outputs);
    }

    /// <summary>What the quality is measured by.</summary>
    public QualityKind Kind { get; }

    /// <summary>How the original itself does.</summary>
    public Judgement Original { get; }

    /// <summary>How many images there are.</summary>
    public int Count => _images.Count;

    /// <summary>How many classes a network tells apart.</summary>
    /// <param name="graph">The network, whose first output is looked at.</param>
    /// <returns>The number, at least 2; null where the output is not one row of known length an image, as of a network that does not classify.</returns>
    public static int? ClassCount(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Shape output = graph.Outputs[0].Shape.WithoutBatch();
        return output.Rank >= 1 && output.All(extent => extent.IsKnown) && output.Take(output.Rank - 1).All(extent => extent == 1)
            && output[^1].Value >= 2
            ? checked((int)output[^1].Value)
            : null;
    }

    /// <summary>Runs a network on the images.</summary>
    /// <param name="network">A network with the original's input and output.</param>
    /// <param name="cancellationToken">Ends it between two kernel calls.</param>
    /// <returns>How it does.</returns>
    public Judgement Judge(Model network, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        var outputs = new float[_outputs.Length];
        Run(network, outputs, null, cancellationToken);
        return Measure(outputs);
    }

    private static void RequireFit(Graph graph, Dataset images)
    {
        if (graph.Inputs is not [{ Spec.ElementType: ElementType.Float32 } input] || graph.Outputs.Length != 1)
        {
            throw new SepalException(
                $"The network has {graph.Inputs.Length} inputs and {graph.Outputs.Length} outputs. "
                + "Only one with one input of 32-bit floats and one output can be measured on images.");
        }

        if (images.Count == 0)
        {
            throw new SepalException("There are no images to measure the network on. Give at least one.");
        }

        if (!images.InputShape.Equals(input.Shape.WithoutBatch()))
        {
            throw new SepalException(
                $"The images have the shape {images.InputShape} (height, width, channels), but the network's input '{input.Name}' has "
                + $"{input.Shape.WithoutBatch()}. Give images of that shape.");
        }

        if (graph.Outputs[0].Spec.ElementType != ElementType.Float32 || graph.Outputs[0].Shape.Rank < 2
            || graph.Outputs[0].Shape.Skip(1).Any(extent => !extent.IsKnown))
        {
            throw new SepalException($"The network's output {graph.Outputs[0].Spec.Describe()} cannot be measured. Expected 32-bit floats, a batch and known sizes.");
        }
    }

    private void Run(Model network, float[] outputs, int[]? labels, CancellationToken cancellation)
    {
        Dimension fixedBatch = network.Graph.Inputs[0].Shape[0];
        int batch = fixedBatch.IsKnown ? checked((int)fixedBatch.Value) : Math.Min(MostImagesAtOnce, _images.Count);
        int targetLength = checked((int)_images.TargetShape.ElementCount.Value);
        var targets = new float[batch * targetLength];
        int[] order = [.. Enumerable.Range(0, _images.Count)];
        using var predictor = new Predictor(network.Graph, network.Store, batch, _threads);
        int inputLength = predictor.Input.Length / batch;
        _images.Prepare(epoch: 0, order, batch);
        for (int start = 0; start < order.Length; start += batch)
        {
            cancellation.ThrowIfCancellationRequested();

            // The last batch may not be full; what is left in it of the one before is run again and not looked at.
            int count = Math.Min(batch, order.Length - start);
            _images.Read(order.AsSpan(start, count), predictor.Input[..(count * inputLength)], targets.AsSpan(0, count * targetLength));
            predictor.Run(cancellation);
            predictor.OutputAt(0)[..(count * _outputLength)].CopyTo(outputs.AsSpan(start * _outputLength));
            for (int image = 0; labels is not null && Kind == QualityKind.Accuracy && image < count; image++)
            {
                labels[start + image] = Label(targets.AsSpan(image * targetLength, targetLength), start + image);
            }
        }
    }

    private int Label(ReadOnlySpan<float> target, int image)
    {
        if (target.Length == _outputLength)
        {
            return Metric.Largest(target);
        }

        return target.Length == 1 && target[0] >= 0 && target[0] < _outputLength && target[0] == MathF.Floor(target[0])
            ? (int)target[0]
            : throw new SepalException(
                $"Image {image} has the label {(target.Length == 1 ? target[0] : $"of {target.Length} numbers")}, but the network tells {_outputLength} classes apart. "
                + "Give the images that it was trained for.");
    }

    private Judgement Measure(float[] outputs)
    {
        double loss = 0;
        double scale = 0;
        int right = 0;
        for (int image = 0; image < _labels.Length; image++)
        {
            ReadOnlySpan<float> expected = Row(_outputs, image);
            ReadOnlySpan<float> received = Row(outputs, image);
            if (Kind == QualityKind.Fidelity)
            {
                for (int index = 0; index < expected.Length; index++)
                {
                    double difference = received[index] - (double)expected[index];
                    loss += difference * difference;
                    scale += expected[index] * (double)expected[index];
                }

                continue;
            }

            loss += Divergence(expected, received);
            right += Metric.Largest(received) == (Kind == QualityKind.Accuracy ? _labels[image] : Metric.Largest(expected)) ? 1 : 0;
        }

        if (Kind == QualityKind.Fidelity)
        {
            double share = scale > 0 ? loss / scale : loss;
            return new Judgement(1 - share, share);
        }

        double mean = loss / _labels.Length;
        return new Judgement((double)right / _labels.Length, double.IsFinite(mean) ? mean : double.PositiveInfinity);
    }

    /// <summary>KL(expected ‖ received) in nats.</summary>
    private double Divergence(ReadOnlySpan<float> expected, ReadOnlySpan<float> received)
    {
        double[] wanted = Probabilities(expected);
        double[] given = Probabilities(received);
        double sum = 0;
        for (int index = 0; index < wanted.Length; index++)
        {
            double probability = Math.Max(wanted[index], LeastProbability);
            sum += wanted[index] * Math.Log(probability / Math.Max(given[index], LeastProbability));
        }

        return Math.Max(sum, 0);
    }

    private double[] Probabilities(ReadOnlySpan<float> scores)
    {
        var probabilities = new double[scores.Length];
        double highest = _givesProbabilities ? 0 : scores[Metric.Largest(scores)];
        double sum = 0;
        for (int index = 0; index < scores.Length; index++)
        {
            probabilities[index] = _givesProbabilities ? scores[index] : Math.Exp(scores[index] - highest);
            sum += probabilities[index];
        }

        for (int index = 0; index < probabilities.Length; index++)
        {
            probabilities[index] /= sum;
        }

        return probabilities;
    }

    private ReadOnlySpan<float> Row(float[] outputs, int image) => outputs.AsSpan(image * _outputLength, _outputLength);

    private static bool IsDistribution(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (float value in row)
        {
            if (value is not (>= 0 and <= 1 + (float)SumTolerance))
            {
                return false;
            }

            sum += value;
        }

        return Math.Abs(sum - 1) <= SumTolerance;
    }
}
