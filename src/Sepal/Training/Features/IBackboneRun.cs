namespace Sepal.Training.Features;

/// <summary>Runs the frozen part of a model.</summary>
internal interface IBackboneRun
{
    /// <summary>Where so many examples are written.</summary>
    Span<float> Input(int count);

    /// <summary>Runs them.</summary>
    /// <returns>Their features, until the next run.</returns>
    ReadOnlySpan<float> Run(int count, CancellationToken cancellation);
}
