using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Training;

namespace Sepal.Shrinking;

/// <summary>Runs a network on images of a data set, and gives inner values.</summary>
internal sealed class ImageRun : IDisposable
{
    // Floats that the values of one run may take.
    private const long Budget = 1 << 26;
    private const int MostImages = 32;

    private readonly Model _model;
    private readonly Dataset _images;
    private readonly Graph _graph;
    private readonly int _threads;
    private readonly int _batch;
    private readonly float[] _targets;
    private Predictor? _predictor;

    public ImageRun(Model model, ImmutableArray<Value> values, Dataset images, int threads)
    {
        _model = model;
        _images = images;
        _graph = model.Graph.For(values);
        _threads = threads;
        long length = values.Append(model.Graph.Inputs[0]).Sum(value => value.Shape.WithoutBatch().ElementCount.Value);
        _batch = (int)Math.Clamp(Budget / length, 1, MostImages);
        _targets = new float[checked(_batch * images.TargetShape.ElementCount.Value)];
    }

    /// <summary>Checks that images are what a network reads.</summary>
    /// <exception cref="SepalException">They are not.</exception>
    public static void RequireFit(Model model, Dataset images)
    {
        if (model.Graph.Inputs.Length != 1)
        {
            throw new SepalException($"The network has {model.Graph.Inputs.Length} inputs. Only a network that reads images alone can be corrected on images.");
        }

        Value input = model.Graph.Inputs[0];
        if (images.Count < 2)
        {
            throw new SepalException($"The data set has {images.Count} image(s). Give at least 2, better some hundreds.");
        }

        if (!images.InputShape.Equals(input.Shape.WithoutBatch()))
        {
            throw new SepalException(
                $"The images have the shape {images.InputShape} (height, width, channels), but the network's input '{input.Name}' has {input.Shape.WithoutBatch()}. "
                + "Give images of that size, or a network with that input.");
        }
    }

    /// <summary>Runs images in order.</summary>
    /// <param name="indices">Which images.</param>
    /// <param name="read">
    /// Is told how many images have been run before, and how many now, and reads each value by its number.
    /// </param>
    /// <param name="cancellation">Ends it between two kernel calls.</param>
    public void Run(int[] indices, Action<int, int, Func<int, ReadOnlyMemory<float>>> read, CancellationToken cancellation)
    {
        _images.Prepare(epoch: 0, indices, _batch);
        for (int start = 0; start < indices.Length; start += _batch)
        {
            int count = Math.Min(_batch, indices.Length - start);
            if (_predictor?.Batch != count)
            {
                _predictor?.Dispose();
                _predictor = new Predictor(_graph, _model.Store, count, _threads);
            }

            Predictor predictor = _predictor;
            _images.Read(
                indices.AsSpan(start, count),
                predictor.Input,
                _targets.AsSpan(0, checked((int)(count * _images.TargetShape.ElementCount.Value))));
            predictor.Run(cancellation);
            read(start, count, index => predictor.OutputAt(index).ToArray());
        }
    }

    public void Dispose() => _predictor?.Dispose();
}
