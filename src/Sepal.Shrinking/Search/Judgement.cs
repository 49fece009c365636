namespace Sepal.Shrinking.Search;

/// <summary>How a network does beside the original.</summary>
/// <param name="Quality">From 0 to 1, see <see cref="QualityKind"/>; a fidelity may be below 0.</param>
/// <param name="Loss">
/// How far its outputs are from the original's: the mean of KL(original ‖ network) in nats for classifiers, ‖difference‖² /
/// ‖original's‖² for other networks.
/// </param>
public readonly record struct Judgement(double Quality, double Loss);
