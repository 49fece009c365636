using System.Diagnostics;
using Sepal.Training.Callbacks;
using Sepal.Training.Checkpoints;
using Sepal.Training.Features;

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
    private readonly TeacherRun? _teacher;
    private readonly Checkpointer? _checkpointer;
    private readonly List<EpochResult> _results = [];
    private CachedFeatures? _features;

    public TrainingLoop(Model model, Trainer trainer, Dataset dataset, FitOptions options)
    {
        _model = model;
        _trainer = trainer;
        _dataset = dataset;
        _options = options;
        trainer.Objective.Begin(options, model.Graph);
        _callbacks = [.. options.Callbacks];
        if (options.ShowProgress && ProgressBar.OnTerminal() is { } bar)
        {
            _callbacks.Insert(0, bar);
        }

        _average = options.WeightAverage is { } decay ? new WeightAverage(model.Graph, model.Store, decay) : null;
        trainer.Average = _average;
        _teacher = options.Distillation is { } distillation
            ? new TeacherRun(distillation, model.Graph, Math.Min(options.BatchSize, dataset.Count), options.Threads)
            : null;
        trainer.Teacher = _teacher;
        _checkpointer = options.Checkpoints is null ? null : new Checkpointer(model, trainer, _average, dataset, options);
    }

    /// <summary>Trains.</summary>
    /// <returns>What every epoch gave.</returns>
    public History Run()
    {
        TrainingPosition position = Begin();
        try
        {
            if (!position.Stopped && _options.Epochs > position.Epoch)
            {
                _features = CachedFeatures.Compute(_model, _dataset, _options);
                _trainer.Head = _features?.Head;
            }

            while (!position.Stopped && position.Epoch <= _options.Epochs)
            {
                EpochResult result = Train(position);
                bool goOn = Finish(result);
                position = new TrainingPosition { Epoch = position.Epoch + 1, Stopped = !goOn, Completed = _results };
                _checkpointer?.Save(position);
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
        _trainer.Head = null;
        _features?.Dispose();
        _trainer.Teacher = null;
        _teacher?.Dispose();
    }

    /// <summary>Tells the callbacks that training begins, and takes it up from a checkpoint where that is wanted.</summary>
    private TrainingPosition Begin()
    {
        var run = new TrainingRun(_options.Epochs, _dataset.Count, _options.BatchSize);
        if (!_options.Resume)
        {
            _checkpointer?.RequireNone();
            _callbacks.ForEach(callback => callback.OnTrainingBegin(_model, run));
            return new TrainingPosition { Epoch = 1 };
        }

        // The callbacks are told first what was done before, and then given what they remembered.
        CheckpointSource? source = _checkpointer!.Find();
        if (source is null)
        {
            _options.Warn($"There is no checkpoint in '{_options.Checkpoints!.Directory}' to resume from: training begins anew.");
            _callbacks.ForEach(callback => callback.OnTrainingBegin(_model, run));
            return new TrainingPosition { Epoch = 1 };
        }

        _results.AddRange(source.Record.History.Select(epoch => epoch.ToResult()));
        if (_results.Count > _options.Epochs)
        {
            throw new CheckpointException(
                $"The checkpoint '{source.Path}' was written after {_results.Count} epochs, but only {_options.Epochs} are asked for. Give at least as many.");
        }

        _callbacks.ForEach(callback => callback.OnTrainingBegin(_model, run with { Completed = [.. _results] }));
        return _checkpointer.Restore(source);
    }

    private EpochResult Train(TrainingPosition position)
    {
        int epoch = position.Epoch;
        int[] order = Batches.Order(_dataset.Count, _options.Shuffle, _options.Seed, epoch - 1);
        RunningMeans means = position.Means ?? new RunningMeans(_model.Metrics);
        int examples = position.Examples;
        Dataset dataset = _features?.Examples ?? _dataset;
        dataset.Prepare(epoch, order.AsMemory(examples), _options.BatchSize);
        long start = Stopwatch.GetTimestamp();
        string? metric = _model.Metrics.Count > 0 ? _model.Metrics[0].Name : null;
        for (int batch = examples / _options.BatchSize; examples < order.Length; batch++)
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<int> indices = Batches.Batch(order, _options.BatchSize, batch);
            _trainer.Step(dataset, indices, _options, means);
            examples += indices.Length;
            TimeSpan elapsed = position.Elapsed + Stopwatch.GetElapsedTime(start);
            var progress = new BatchProgress(epoch, examples, means.Loss, metric, metric is null ? 0 : means.Metric(0), elapsed);
            foreach (Callback callback in _callbacks)
            {
                callback.OnBatchEnd(progress);
            }

            // After the last step comes validation, and then the epoch's own checkpoint.
            if (examples < order.Length && _checkpointer is { IsDue: true })
            {
                _checkpointer.Save(new TrainingPosition
                {
                    Epoch = epoch,
                    Examples = examples,
                    Means = means,
                    Elapsed = elapsed,
                    Completed = _results,
                });
            }
        }

        return new EpochResult
        {
            Epoch = epoch,
            Loss = means.Loss,
            Metrics = means.ToDictionary(),
            LearningRate = _trainer.LearningRate,
            Seconds = (position.Elapsed + Stopwatch.GetElapsedTime(start)).TotalSeconds,
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
                Evaluation evaluation = _features?.Evaluate() ?? _model.EvaluateForFit(_model.Graph, data, _options);
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
