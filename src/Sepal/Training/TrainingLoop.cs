using System.Diagnostics;
using Sepal.Training.Callbacks;

namespace Sepal.Training;

/// <summary>One fit from its first epoch to its last: steps, validation, callbacks.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly Model _model;
    private readonly Trainer _trainer;
    private readonly Dataset _dataset;
    private readonly FitOptions _options;
    private readonly List<Callback> _callbacks;
    private readonly WeightAverage? _average;
    private readonly List<EpochResult> _results = [];

    public TrainingLoop(Model model, Trainer trainer, Dataset dataset, FitOptions options)
    {
        _model = model;
        _trainer = trainer;
        _dataset = dataset;
        _options = options;
        trainer.Objective.Begin(options, model.Graph.Outputs[0].Spec);
        _callbacks = [.. options.Callbacks];
        if (options.ShowProgress && ProgressBar.OnTerminal() is { } bar)
        {
            _callbacks.Insert(0, bar);
        }

        _average = options.WeightAverage is { } decay ? new WeightAverage(model.Graph, model.Store, decay) : null;
        trainer.Average = _average;
    }

    /// <summary>Trains.</summary>
    /// <returns>What every epoch gave.</returns>
    public History Run()
    {
        var run = new TrainingRun(_options.Epochs, _dataset.Count, _options.BatchSize);
        _callbacks.ForEach(callback => callback.OnTrainingBegin(_model, run));
        try
        {
            bool goOn = true;
            for (int epoch = 1; goOn && epoch <= _options.Epochs; epoch++)
            {
                EpochResult result = Train(epoch);
                goOn = Finish(result);
            }
        }
        finally
        {
            _average?.Swap();
            _callbacks.ForEach(callback => callback.OnTrainingEnd(_model));
        }

        return new History(_results);
    }

    public void Dispose()
    {
        _trainer.Average = null;
        _average?.Dispose();
    }

    private EpochResult Train(int epoch)
    {
        int[] order = Batches.Order(_dataset.Count, _options.Shuffle, _options.Seed, epoch - 1);
        var means = new RunningMeans(_model.Metrics);
        _dataset.Prepare(epoch, order, _options.BatchSize);
        long start = Stopwatch.GetTimestamp();
        int examples = 0;
        string? metric = _model.Metrics.Count > 0 ? _model.Metrics[0].Name : null;
        for (int batch = 0; examples < order.Length; batch++)
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<int> indices = Batches.Batch(order, _options.BatchSize, batch);
            _trainer.Step(_dataset, indices, _options, means);
            examples += indices.Length;
            var progress = new BatchProgress(
                epoch, examples, means.Loss, metric, metric is null ? 0 : means.Metric(0), Stopwatch.GetElapsedTime(start));
            foreach (Callback callback in _callbacks)
            {
                callback.OnBatchEnd(progress);
            }
        }

        return new EpochResult
        {
            Epoch = epoch,
            Loss = means.Loss,
            Metrics = means.ToDictionary(),
            LearningRate = _trainer.LearningRate,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
        };
    }

    /// <summary>Validates, and tells the callbacks; with the averaged weights in the model, where there are any.</summary>
    /// <returns>Whether to go on.</returns>
    private bool Finish(EpochResult result)
    {
        bool goOn = true;
        _average?.Swap();
        try
        {
            if (_options.Validation is { } data)
            {
                Evaluation evaluation = _model.EvaluateForFit(data, _options);
                result = result with { ValidationLoss = evaluation.Loss, ValidationMetrics = evaluation.Metrics };
            }

            _results.Add(result);

            // Every callback sees the epoch, also when an earlier one asks to stop.
            _callbacks.ForEach(callback => goOn &= callback.OnEpochEnd(_model, result));
        }
        finally
        {
            _average?.Swap();
        }

        return goOn;
    }
}
