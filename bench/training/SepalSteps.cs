using System.Diagnostics;
using Sepal.Graphs;
using Sepal.Training;
using Sepal.Training.Callbacks;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;

namespace Sepal.TrainingSpeed;

/// <summary>Training steps as a user makes them: by <see cref="Model.Fit(Dataset, FitOptions)"/>, Adam, cross-entropy, accuracy.</summary>
internal sealed class SepalSteps : IDisposable
{
    private readonly int _batch;
    private readonly int _threads;
    private readonly Noise _noise;

    public SepalSteps(TrainingNetwork network, int threads)
    {
        _batch = network.Batch;
        _threads = threads;
        Model = network.Build();
        Model.Compile(new Adam(), new SparseCategoricalCrossentropy(), new Accuracy());
        _noise = new Noise(Model.Graph.Inputs[0].Shape.WithoutBatch(), _batch);
    }

    public Model Model { get; }

    /// <summary>Makes steps.</summary>
    /// <returns>The milliseconds of each but the first, whose caches are cold.</returns>
    public IReadOnlyList<double> Run(int steps)
    {
        var clock = new StepClock(steps);
        Model.Fit(_noise.Repeated(steps), new FitOptions
        {
            BatchSize = _batch,
            Shuffle = false,
            Threads = _threads,
            ShowProgress = false,
            Callbacks = [clock],
        });
        return clock.Milliseconds;
    }

    public void Dispose() => Model.Dispose();

    private sealed class StepClock(int steps) : Callback
    {
        private readonly List<double> _milliseconds = new(steps);
        private long _last;

        public IReadOnlyList<double> Milliseconds => _milliseconds;

        public override void OnBatchEnd(in BatchProgress progress)
        {
            long now = Stopwatch.GetTimestamp();
            if (_last != 0)
            {
                _milliseconds.Add(Stopwatch.GetElapsedTime(_last, now).TotalMilliseconds);
            }

            _last = now;
        }
    }

    /// <summary>A batch of random images, over and over.</summary>
    private sealed class Noise(Shape shape, int examples) : Dataset
    {
        private readonly float[] _values = Values(checked((int)shape.ElementCount.Value) * examples);
        private int _batches = 1;

        public override int Count => _batches * examples;

        public override Shape InputShape => shape;

        public override Shape TargetShape => Shape.Scalar;

        public Noise Repeated(int batches)
        {
            _batches = batches;
            return this;
        }

        public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
        {
            int length = _values.Length / examples;
            for (int place = 0; place < indices.Length; place++)
            {
                int index = indices[place] % examples;
                _values.AsSpan(index * length, length).CopyTo(inputs[(place * length)..]);
                targets[place] = index % 10;
            }
        }

        private static float[] Values(int count)
        {
            var random = new Random(1);
            return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
        }
    }
}
