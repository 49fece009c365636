using Sepal.Training.Callbacks;

namespace Sepal.Training;

/// <summary>How a model is fitted.</summary>
public sealed class FitOptions
{
    /// <summary>How many times the data are gone through.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Examples a step; the last step of an epoch takes what is left.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Whether every epoch takes the examples in another order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>The seed of the order and of dropout. The same seed gives the same bits, for any number of threads.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads to compute with; all cores where not given.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Data to evaluate on after every epoch, if wanted.</summary>
    public Dataset? Validation { get; init; }

    /// <summary>What is called as training goes on.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>Whether a bar shows progress on the error stream, where that is a terminal.</summary>
    public bool ShowProgress { get; init; } = true;

    /// <summary>Ends training between two kernel calls.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Adds gradients up across processes or machines, between the gradients and the update; none for one process.</summary>
    public IGradientReducer? GradientReducer { get; init; }
}
