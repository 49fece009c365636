namespace Sepal.Shrinking.Search;

/// <summary>What could stand in a convolution's place.</summary>
public sealed record LayerCandidate
{
    /// <summary>The order of its two steps.</summary>
    public required DecouplingForm Form { get; init; }

    /// <summary>How many separable convolutions add up.</summary>
    public required int Rank { get; init; }

    /// <summary>‖kernel − its approximation‖ / ‖kernel‖.</summary>
    public required double ReconstructionError { get; init; }

    /// <summary>Costs, and how far the network's outputs move when only this layer is replaced.</summary>
    public required CandidateFigures Figures { get; init; }

    /// <summary>How much the quality falls then.</summary>
    public double QualityDrop { get; init; }

    /// <summary>Whether another candidate is as good in everything that is known before the network is run.</summary>
    internal bool IsBeatenBy(LayerCandidate other) =>
        other != this
        && other.ReconstructionError <= ReconstructionError
        && other.Figures.Milliseconds <= Figures.Milliseconds
        && other.Figures.MultiplyAccumulates <= Figures.MultiplyAccumulates
        && other.Figures.Parameters <= Figures.Parameters;
}
