using Sepal.Graphs;

namespace Sepal.Training.Features;

/// <summary>
/// What the frozen part of a model makes of a fit's data, computed once: training then steps through the upper part alone, and
/// so does validation.
/// </summary>
internal sealed class CachedFeatures : IDisposable
{
    // As in evaluation.
    private const int ValidationBatchSize = 128;

    private readonly Model _model;
    private readonly FitOptions _options;
    private readonly FrozenSplit _split;
    private readonly FeatureDataset _examples;
    private FeatureDataset? _validation;
    private bool _isValidationKnown;

    private CachedFeatures(Model model, FitOptions options, FrozenSplit split, FeatureDataset examples)
    {
        _model = model;
        _options = options;
        _split = split;
        _examples = examples;
    }

    /// <summary>The upper part of the model.</summary>
    public Graph Head => _split.Head;

    /// <summary>The training data's features.</summary>
    public Dataset Examples => _examples;

    /// <summary>Computes the features of the training data.</summary>
    /// <returns>The features; null where nothing is frozen, the data change, or they are not to be kept.</returns>
    public static CachedFeatures? Compute(Model model, Dataset dataset, FitOptions options)
    {
        if (!options.CacheFrozenFeatures || !dataset.IsFixed || options.Distillation is not null || FrozenSplit.Find(model.Graph) is not { } split)
        {
            return null;
        }

        using var backbone = new TrainingBackbone(split.Backbone, model.Store, options.Threads);
        return FeatureDataset.Compute(dataset, split.Features, epoch: 1, options.BatchSize, backbone, options) is { } examples
            ? new CachedFeatures(model, options, split, examples)
            : null;
    }

    /// <summary>
    /// Validates on features. Evaluation runs a model by faster steps than training, across the place where it is cut; so the
    /// first time, the whole model is evaluated too, and features are used on only where they give the same bits.
    /// </summary>
    /// <returns>The result; null where the whole model is to be evaluated.</returns>
    public Evaluation? Evaluate()
    {
        Dataset validation = _options.Validation!;
        if (_isValidationKnown)
        {
            return _validation is null ? null : _model.EvaluateForFit(Head, _validation, _options);
        }

        _isValidationKnown = true;
        if (!validation.IsFixed)
        {
            return null;
        }

        Evaluation whole = _model.EvaluateForFit(_model.Graph, validation, _options);
        _validation = FeatureDataset.Compute(
            validation,
            _split.Features,
            epoch: 0,
            ValidationBatchSize,
            _model.EvaluationBackbone(_split.Backbone, _options.Threads),
            _options);
        if (_validation is not null && !Same(whole, _model.EvaluateForFit(Head, _validation, _options)))
        {
            _validation.Dispose();
            _validation = null;
        }

        return whole;
    }

    public void Dispose()
    {
        _examples.Dispose();
        _validation?.Dispose();
    }

    private static bool Same(Evaluation left, Evaluation right) =>
        left.Loss.Equals(right.Loss) && left.Metrics.Values.SequenceEqual(right.Metrics.Values);
}
