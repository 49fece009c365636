using Sepal.Training;
using Sepal.Training.Callbacks;

namespace Sepal.Shrinking;

/// <summary>Judges the student after every epoch, keeps the numbers of the best one, and puts them back in the end, however that comes.</summary>
internal sealed class BestEpoch : Callback
{
    private readonly StudentJudge _judge;
    private readonly Action<FineTuningEpoch>? _progress;
    private readonly List<FineTuningEpoch> _epochs = [];
    private readonly BestWeights _best = new();

    /// <summary>Measures the model as it is given, which is the best so far.</summary>
    public BestEpoch(Model model, StudentJudge judge, Action<FineTuningEpoch>? progress)
    {
        _judge = judge;
        _progress = progress;
        Add(model, judge.Measure());
    }

    /// <summary>The epochs so far; the first is the model as it was given.</summary>
    public IReadOnlyList<FineTuningEpoch> Epochs => _epochs;

    /// <summary>The best epoch so far.</summary>
    public int Best => _best.Epoch;

    /// <inheritdoc/>
    public override bool OnEpochEnd(Model model, EpochResult result)
    {
        Add(model, _judge.Measure() with
        {
            Epoch = result.Epoch,
            Loss = result.Loss,
            LearningRate = result.LearningRate,
            Seconds = result.Seconds,
        });
        return true;
    }

    /// <inheritdoc/>
    public override void OnTrainingEnd(Model model) => _best.PutBack(model);

    private void Add(Model model, FineTuningEpoch epoch)
    {
        if (_epochs.Count == 0 || epoch.IsBetterThan(_epochs[Best]))
        {
            _best.Take(_epochs.Count, model);
        }

        _epochs.Add(epoch);
        _progress?.Invoke(epoch);
    }
}
