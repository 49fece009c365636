using Sepal.Inference;
using Sepal.Training;
using Sepal.Training.Metrics;

namespace Sepal.Shrinking;

/// <summary>Measures a student on validation images, against its teacher's logits, which are computed once, and the labels, if there are any.</summary>
internal sealed class StudentJudge : IDisposable
{
    private const int BatchSize = 128;

    private readonly Model _student;
    private readonly Dataset _images;
    private readonly bool _hasLabels;
    private readonly int _threads;
    private readonly CancellationToken _cancellation;
    private readonly int _classes;
    private readonly float[] _teacher;
    private readonly int[] _order;
    private readonly Dictionary<int, Predictor> _predictors = [];

    public StudentJudge(Model student, Distillation distillation, Dataset images, bool hasLabels, int threads, CancellationToken cancellation)
    {
        _student = student;
        _images = images;
        _hasLabels = hasLabels;
        _threads = threads;
        _cancellation = cancellation;
        _classes = checked((int)student.Graph.Outputs[0].Spec.Channels.Value);
        _order = [.. Enumerable.Range(0, images.Count)];
        _teacher = new float[checked(images.Count * _classes)];
        using var run = new TeacherRun(distillation, student.Graph, Math.Min(BatchSize, images.Count), threads);
        int inputLength = checked((int)images.InputShape.ElementCount.Value);
        int targetLength = checked((int)images.TargetShape.ElementCount.Value);
        images.Prepare(epoch: 0, _order, BatchSize);
        for (int start = 0; start < _order.Length; start += BatchSize)
        {
            ReadOnlySpan<int> indices = Batch(start);
            var inputs = new float[indices.Length * inputLength];
            images.Read(indices, inputs, new float[indices.Length * targetLength]);
            run.Run(inputs, _teacher.AsSpan(start * _classes, indices.Length * _classes), cancellation);
        }
    }

    /// <summary>Measures the student as it is.</summary>
    public FineTuningEpoch Measure()
    {
        int targetLength = checked((int)_images.TargetShape.ElementCount.Value);
        double divergence = 0;
        int agreed = 0;
        int correct = 0;
        _images.Prepare(epoch: 0, _order, BatchSize);
        for (int start = 0; start < _order.Length; start += BatchSize)
        {
            ReadOnlySpan<int> indices = Batch(start);
            Predictor predictor = PredictorFor(indices.Length);
            var targets = new float[indices.Length * targetLength];
            _images.Read(indices, predictor.Input, targets);
            predictor.Run(_cancellation);
            for (int row = 0; row < indices.Length; row++)
            {
                ReadOnlySpan<float> student = predictor.OutputAt(0).Slice(row * _classes, _classes);
                ReadOnlySpan<float> teacher = _teacher.AsSpan((start + row) * _classes, _classes);
                int answer = Metric.Largest(student);
                agreed += answer == Metric.Largest(teacher) ? 1 : 0;
                correct += _hasLabels && answer == Label(targets.AsSpan(row * targetLength, targetLength)) ? 1 : 0;
                divergence += DistillationRow.Add(student, teacher, temperature: 1, share: 1, scale: 0, gradient: []);
            }
        }

        return new FineTuningEpoch
        {
            Epoch = 0,
            Accuracy = _hasLabels ? (double)correct / _order.Length : null,
            Agreement = (double)agreed / _order.Length,
            Divergence = divergence / _order.Length,
        };
    }

    public void Dispose()
    {
        foreach (Predictor predictor in _predictors.Values)
        {
            predictor.Dispose();
        }
    }

    private static int Label(ReadOnlySpan<float> target) => target.Length == 1 ? (int)target[0] : Metric.Largest(target);

    private ReadOnlySpan<int> Batch(int start) => _order.AsSpan(start, Math.Min(BatchSize, _order.Length - start));

    private Predictor PredictorFor(int batch)
    {
        if (!_predictors.TryGetValue(batch, out Predictor? predictor))
        {
            predictor = new Predictor(_student.Graph, _student.Store, batch, _threads);
            _predictors.Add(batch, predictor);
        }

        return predictor;
    }
}
