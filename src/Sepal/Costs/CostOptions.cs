namespace Sepal.Costs;

/// <summary>What a model is counted for, and by which rules.</summary>
public sealed record CostOptions
{
    /// <summary>Images in a batch; at least 1.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Values for open dimensions other than the batch, by symbol name.</summary>
    public IReadOnlyDictionary<string, long>? Symbols { get; init; }

    /// <summary>The machine that roofline times are for; null for none.</summary>
    public Machine? Machine { get; init; }

    /// <summary>How biases of convolutions and dense layers are counted.</summary>
    public ElementCounting Bias { get; init; }

    /// <summary>How batch normalisation is counted.</summary>
    public ElementCounting BatchNormalization { get; init; }

    /// <summary>How activations are counted.</summary>
    public ElementCounting Activation { get; init; }

    /// <summary>
    /// How many numbers the optimizer keeps for each trainable parameter: 0 for plain gradient descent, 1 with momentum, 2 for Adam.
    /// </summary>
    public int OptimizerStates { get; init; } = 2;
}
