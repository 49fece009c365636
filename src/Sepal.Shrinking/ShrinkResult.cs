using System.Collections.Immutable;
using Sepal.Shrinking.Search;

namespace Sepal.Shrinking;

/// <summary>A shrunk network, and what was done to it and why.</summary>
public sealed record ShrinkResult : IDisposable
{
    /// <summary>The network; disposed of with the result.</summary>
    public required Model Model { get; init; }

    /// <summary>What its quality was measured by.</summary>
    public required QualityKind QualityKind { get; init; }

    /// <summary>The quality after every step, the original first.</summary>
    public required ImmutableArray<StageQuality> Stages { get; init; }

    /// <summary>Every convolution, in graph order.</summary>
    public required ImmutableArray<LayerDecision> Layers { get; init; }

    /// <summary>The original as a whole.</summary>
    public required NetworkFigures Original { get; init; }

    /// <summary>The result as a whole; timed by turns with the original.</summary>
    public required NetworkFigures Shrunk { get; init; }

    /// <summary>
    /// The networks that were made and measured on the way, by their time; before fine-tuning unless that was part of the
    /// search.
    /// </summary>
    public required ImmutableArray<ParetoPoint> Networks { get; init; }

    /// <summary>How many images the quality was measured on while searching.</summary>
    public required int SearchImages { get; init; }

    /// <summary>How many images it was measured on for the report.</summary>
    public required int HeldOutImages { get; init; }

    /// <summary>How many times as fast the result is as the original, measured by turns.</summary>
    public double SpeedUp => Original.Milliseconds / Shrunk.Milliseconds;

    /// <summary>How much of the quality was lost on the images that nothing was chosen by.</summary>
    public double QualityDrop => Stages[0].HeldOut - Stages[^1].HeldOut;

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}

/// <summary>The quality of the network after a step.</summary>
/// <param name="Stage">The step.</param>
/// <param name="Search">On the images that the choice was made by.</param>
/// <param name="HeldOut">On images that nothing was chosen by.</param>
public sealed record StageQuality(ShrinkStage Stage, double Search, double HeldOut);

/// <summary>What a network costs.</summary>
/// <param name="MultiplyAccumulates">MACs for one image.</param>
/// <param name="Parameters">Parameters, trainable or not.</param>
/// <param name="Milliseconds">Of a run, measured.</param>
public sealed record NetworkFigures(long MultiplyAccumulates, long Parameters, double Milliseconds);
