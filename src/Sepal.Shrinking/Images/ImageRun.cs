using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Training;

namespace Sepal.Shrinking;

/// <summary>Runs a graph on images of a data set, a batch at a time.</summary>
/// <param name="graph">The graph, whose outputs are what is to be looked at.</param>
/// <param name="numbers">The numbers of its parameters.</param>
/// <param name="images">The data set.</param>
/// <param name="batch">How many images are run at once.</param>
/// <param name="threads">Threads to compute with.</param>
internal sealed class ImageRun(Graph graph, ParameterStore numbers, Dataset images, int batch, int threads) : IDisposable
{
    private readonly float[] _targets = new float[checked(batch * images.TargetShape.ElementCount.Value)];
    private Predictor? _predictor;

    /// <summary>Runs images in order.</summary>
    /// <param name="indices">Which images.</param>
    /// <param name="read">
    /// Is told how many images have been run before, and how many now, and reads the outputs, which the next run writes over.
    /// </param>
    /// <param name="cancellation">Ends it between two kernel calls.</param>
    public void Run(int[] indices, Action<int, int, Predictor> read, CancellationToken cancellation)
    {
        images.Prepare(epoch: 0, indices, batch);
        for (int start = 0; start < indices.Length; start += batch)
        {
            int count = Math.Min(batch, indices.Length - start);
            if (_predictor?.Batch != count)
            {
                _predictor?.Dispose();
                _predictor = null;
                OpenBatch.Require(graph, count);
                _predictor = new Predictor(graph, numbers, count, threads);
            }

            images.Read(
                indices.AsSpan(start, count),
                _predictor.Input,
                _targets.AsSpan(0, checked((int)(count * images.TargetShape.ElementCount.Value))));
            _predictor.Run(cancellation);
            read(start, count, _predictor);
        }
    }

    public void Dispose() => _predictor?.Dispose();
}
