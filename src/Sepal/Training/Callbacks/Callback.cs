namespace Sepal.Training.Callbacks;

/// <summary>Is called as training goes on, on the thread that called <see cref="Model.Fit(Dataset, FitOptions)"/>.</summary>
public abstract class Callback
{
    /// <summary>Before the first step.</summary>
    /// <param name="model">The model.</param>
    /// <param name="run">What training will do.</param>
    public virtual void OnTrainingBegin(Model model, TrainingRun run)
    {
    }

    /// <summary>After every step.</summary>
    /// <param name="progress">Where training stands.</param>
    public virtual void OnBatchEnd(in BatchProgress progress)
    {
    }

    /// <summary>After every epoch and its validation.</summary>
    /// <param name="model">The model.</param>
    /// <param name="result">What the epoch gave.</param>
    /// <returns>Whether to go on.</returns>
    public virtual bool OnEpochEnd(Model model, EpochResult result) => true;

    /// <summary>
    /// Writes down for a checkpoint what the callback remembers, between two steps. A fit that is resumed gets it back by
    /// <see cref="Restore"/>.
    /// </summary>
    /// <param name="state">Takes named numbers and arrays.</param>
    public virtual void Save(CallbackState state)
    {
    }

    /// <summary>Takes up what <see cref="Save"/> wrote, after <see cref="OnTrainingBegin"/> and before the first step.</summary>
    /// <param name="state">Gives named numbers and arrays.</param>
    public virtual void Restore(CallbackState state)
    {
    }

    /// <summary>
    /// The settings that the result of training depends on, to be compared when a run is resumed; null where it depends on none,
    /// as for one that only shows or writes.
    /// </summary>
    public virtual string? Settings => null;

    /// <summary>After the last epoch, also when training was stopped or failed.</summary>
    /// <param name="model">The model.</param>
    public virtual void OnTrainingEnd(Model model)
    {
    }
}

/// <summary>What a run of training will do.</summary>
/// <param name="Epochs">Epochs at the most.</param>
/// <param name="Examples">Examples an epoch.</param>
/// <param name="BatchSize">Examples a step.</param>
public sealed record TrainingRun(int Epochs, int Examples, int BatchSize)
{
    /// <summary>The epochs that are done already, where a run is resumed; none otherwise.</summary>
    public IReadOnlyList<EpochResult> Completed { get; init; } = [];
}

/// <summary>Where an epoch stands.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Examples">Examples of this epoch that are done.</param>
/// <param name="Loss">The mean loss so far.</param>
/// <param name="MetricName">The first metric's name; null where there is none.</param>
/// <param name="Metric">Its mean so far.</param>
/// <param name="Elapsed">Time since the epoch began.</param>
public readonly record struct BatchProgress(
    int Epoch, int Examples, double Loss, string? MetricName, double Metric, TimeSpan Elapsed);
