namespace Sepal.Inference;

/// <content>Where the time of a run goes.</content>
public sealed partial class InferenceSession
{
    /// <summary>What a run computes step by step: what was fused, and what each step costs.</summary>
    /// <param name="dimensions">Values of the inputs' open dimensions by name; an open batch is 1 where not given.</param>
    /// <returns>The plan; its text is a table.</returns>
    /// <exception cref="SepalException">A dimension is open or does not exist, or there is not enough memory.</exception>
    public InferencePlan Plan(IReadOnlyDictionary<string, long>? dimensions = null)
    {
        using InferenceRequest request = CreateRequest(dimensions);
        return PlanDescription.Of(request);
    }

    /// <summary>
    /// Runs the model on numbers of its own, with as many threads as the session has, and times every step. Takes some seconds.
    /// </summary>
    /// <param name="dimensions">Values of the inputs' open dimensions by name; an open batch is 1 where not given.</param>
    /// <param name="runs">How many runs the medians are of; as many as take about three seconds where not given.</param>
    /// <param name="cancellationToken">Ends it between two runs.</param>
    /// <returns>Every step with its time, its counts, and the nodes that it computes.</returns>
    /// <exception cref="SepalException">There are no runs, a dimension does not exist, or there is not enough memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public InferenceProfile Profile(
        IReadOnlyDictionary<string, long>? dimensions = null, int? runs = null, CancellationToken cancellationToken = default)
    {
        if (runs is < 1)
        {
            throw new SepalException($"A profile of {runs} runs was asked for. Ask for at least 1.");
        }

        using InferenceRequest request = CreateRequest(dimensions);
        return new SessionProfiler(request, cancellationToken).Profile(runs);
    }
}
