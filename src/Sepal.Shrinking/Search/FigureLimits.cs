using System.Collections.Immutable;

namespace Sepal.Shrinking.Search;

/// <summary>The most that the layers may come to together. Infinite where there is no limit.</summary>
/// <param name="MultiplyAccumulates">MACs for one image.</param>
/// <param name="Parameters">Parameters, trainable or not.</param>
/// <param name="Milliseconds">Measured, for one run.</param>
/// <param name="Loss">How far the outputs move, added up.</param>
public sealed record FigureLimits(
    double MultiplyAccumulates = double.PositiveInfinity,
    double Parameters = double.PositiveInfinity,
    double Milliseconds = double.PositiveInfinity,
    double Loss = double.PositiveInfinity)
{
    /// <summary>No limit at all.</summary>
    public static FigureLimits None { get; } = new();

    /// <summary>The figures that have a limit.</summary>
    internal ImmutableArray<FigureKind> Limited => [.. Enum.GetValues<FigureKind>().Where(kind => double.IsFinite(Of(kind)))];

    internal double Of(FigureKind kind) => kind switch
    {
        FigureKind.Loss => Loss,
        FigureKind.MultiplyAccumulates => MultiplyAccumulates,
        FigureKind.Parameters => Parameters,
        _ => Milliseconds,
    };
}
