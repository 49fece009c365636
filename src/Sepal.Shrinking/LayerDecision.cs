namespace Sepal.Shrinking;

/// <summary>What became of a convolution, and why.</summary>
public sealed record LayerDecision
{
    /// <summary>The convolution's name in the original graph.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it was replaced.</summary>
    public bool IsReplaced => Form is not null;

    /// <summary>Why it was kept, or replaced by just this.</summary>
    public required string Reason { get; init; }

    /// <summary>The form that it was replaced by; null where it was kept.</summary>
    public DecouplingForm? Form { get; init; }

    /// <summary>How many separable convolutions add up to it; 0 where it was kept.</summary>
    public int Rank { get; init; }

    /// <summary>‖kernel − its approximation‖ / ‖kernel‖, before correction; 0 where it was kept.</summary>
    public double ReconstructionError { get; init; }

    /// <summary>How far the network's outputs moved when this layer alone was replaced.</summary>
    public double Loss { get; init; }

    /// <summary>How much the quality fell when this layer alone was replaced; 0 where it was kept.</summary>
    public double QualityDrop { get; init; }

    /// <summary>What the layer costs in the original. Its time is measured alone; null where no time was taken.</summary>
    public required LayerFigures Before { get; init; }

    /// <summary>What stands for it costs.</summary>
    public required LayerFigures After { get; init; }
}

/// <summary>What a layer costs.</summary>
/// <param name="MultiplyAccumulates">MACs for one image.</param>
/// <param name="Parameters">Parameters, trainable or not.</param>
/// <param name="Milliseconds">Measured, for one run; null where no time was taken.</param>
public readonly record struct LayerFigures(long MultiplyAccumulates, long Parameters, double? Milliseconds);
