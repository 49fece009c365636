namespace Sepal.Shrinking;

/// <summary>What fine-tuning gave.</summary>
/// <param name="Epochs">One entry an epoch, in order; the first is the model as it was given.</param>
/// <param name="BestEpoch">The epoch whose numbers the model has now; 0 where no epoch was better than what was given.</param>
public sealed record FineTuningResult(IReadOnlyList<FineTuningEpoch> Epochs, int BestEpoch)
{
    /// <summary>The model as it was given.</summary>
    public FineTuningEpoch Before => Epochs[0];

    /// <summary>The model as it is now.</summary>
    public FineTuningEpoch Best => Epochs[BestEpoch];
}

/// <summary>What the model was like after an epoch of fine-tuning, measured on the validation images.</summary>
public sealed record FineTuningEpoch
{
    /// <summary>The epoch, from 1; 0 for the model as it was given.</summary>
    public required int Epoch { get; init; }

    /// <summary>The mean loss while the epoch went on; null for epoch 0.</summary>
    public double? Loss { get; init; }

    /// <summary>The share of images whose most probable class is the label's; null without labels.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The share of images whose most probable class is the teacher's.</summary>
    public required double Agreement { get; init; }

    /// <summary>The mean of <c>KL(softmax(teacher) ‖ softmax(student))</c>, in nats.</summary>
    public required double Divergence { get; init; }

    /// <summary>The learning rate of the last step; 0 for epoch 0.</summary>
    public double LearningRate { get; init; }

    /// <summary>How long training took, without validation.</summary>
    public double Seconds { get; init; }

    /// <summary>Whether this is better than another: by accuracy where there are labels, and by divergence.</summary>
    internal bool IsBetterThan(FineTuningEpoch other)
    {
        // What is not a number is never better.
        if (!double.IsFinite(Divergence))
        {
            return false;
        }

        return Accuracy is { } own && other.Accuracy is { } others && own != others
            ? own > others
            : !double.IsFinite(other.Divergence) || Divergence < other.Divergence;
    }
}
