namespace Sepal.Training;

/// <summary>
/// A step in two: first the gradients of this process's batch are complete, then this hook may replace them by those of all
/// processes, then the parameters are updated.
/// </summary>
public interface IGradientReducer
{
    /// <summary>Reduces gradients in place.</summary>
    /// <param name="gradients">All gradients in one stretch, in graph order.</param>
    void Reduce(Span<float> gradients);
}
