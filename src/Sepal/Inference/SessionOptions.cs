namespace Sepal.Inference;

/// <summary>How an <see cref="InferenceSession"/> runs. The results are the same bits whatever is chosen.</summary>
public sealed record SessionOptions
{
    /// <summary>Threads that compute one run; all cores where not given. Another caller's run meanwhile is computed by its own thread.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// How many runs may be under way at once, each with memory of its own; further callers of
    /// <see cref="InferenceSession.Run(IReadOnlyDictionary{string, Graphs.TensorData}, CancellationToken)"/> wait.
    /// </summary>
    public int MaximumConcurrentRuns { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// For how many combinations of shapes and outputs a plan is kept. What has not been used for longest is dropped, once
    /// no request uses it.
    /// </summary>
    public int CachedPlans { get; init; } = 8;

    /// <summary>
    /// The most bytes that one request may take: its arena, its threads' scratch memory and the packed weights. Checked before
    /// anything is allocated. 8 GiB unless said otherwise.
    /// </summary>
    public long MemoryLimit { get; init; } = 8L << 30;

    internal SessionOptions Checked()
    {
        RequireAtLeastOne(Threads, nameof(Threads));
        RequireAtLeastOne(MaximumConcurrentRuns, nameof(MaximumConcurrentRuns));
        RequireAtLeastOne(CachedPlans, nameof(CachedPlans));
        RequireAtLeastOne(MemoryLimit, nameof(MemoryLimit));
        return this;
    }

    private static void RequireAtLeastOne(long value, string name)
    {
        if (value < 1)
        {
            throw new SepalException($"The session option {name} is {value}. Give at least 1.");
        }
    }
}
