using Sepal.Randomness;

namespace Sepal.Training.Initializers;

/// <summary>How many numbers flow into and out of one unit of a layer; what variance-scaling initialisers divide by.</summary>
/// <param name="In">Inputs of one output: kernel area times input channels.</param>
/// <param name="Out">Outputs of one input: kernel area times output channels.</param>
public readonly record struct Fans(long In, long Out);

/// <summary>What a parameter's numbers are before training.</summary>
public abstract record Initializer
{
    /// <summary>Fills a parameter.</summary>
    /// <param name="destination">The parameter's numbers.</param>
    /// <param name="fans">Its fans.</param>
    /// <param name="random">A stream of this parameter's own.</param>
    public abstract void Fill(Span<float> destination, Fans fans, RandomStream random);
}
