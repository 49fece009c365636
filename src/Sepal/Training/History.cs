namespace Sepal.Training;

/// <summary>What one epoch gave.</summary>
public sealed record EpochResult
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The mean loss over the epoch's examples, penalties included, as it was while training went on.</summary>
    public required double Loss { get; init; }

    /// <summary>The metrics by name, likewise.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>The loss on the validation data after the epoch.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The metrics on the validation data after the epoch.</summary>
    public IReadOnlyDictionary<string, double>? ValidationMetrics { get; init; }

    /// <summary>The learning rate of the epoch's last step.</summary>
    public double LearningRate { get; init; }

    /// <summary>How long training took, without validation.</summary>
    public double Seconds { get; init; }

    /// <summary>The names of all figures: <c>loss</c> and metrics, then those of the validation data with <c>val_</c>.</summary>
    public IEnumerable<string> FigureNames
    {
        get
        {
            IEnumerable<string> own = Metrics.Keys.Prepend("loss");
            return ValidationMetrics is { } validation
                ? own.Concat(validation.Keys.Prepend("loss").Select(name => "val_" + name))
                : own;
        }
    }

    /// <summary>A figure by its name: <c>loss</c>, <c>accuracy</c>, <c>val_loss</c>, <c>val_accuracy</c>, ….</summary>
    /// <param name="name">Keras's name for it.</param>
    /// <returns>The figure; null where there is none of that name.</returns>
    public double? Figure(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        const string Validation = "val_";
        if (name.StartsWith(Validation, StringComparison.Ordinal))
        {
            string rest = name[Validation.Length..];
            return rest == "loss" ? ValidationLoss : Find(ValidationMetrics, rest);
        }

        return name == "loss" ? Loss : Find(Metrics, name);
    }

    private static double? Find(IReadOnlyDictionary<string, double>? metrics, string name) =>
        metrics is not null && metrics.TryGetValue(name, out double value) ? value : null;
}

/// <summary>What training gave, epoch by epoch.</summary>
/// <param name="Epochs">One result an epoch, in order.</param>
public sealed record History(IReadOnlyList<EpochResult> Epochs);
