using Sepal.Randomness;

namespace Sepal.Training.Initializers;

/// <summary>The same number everywhere.</summary>
/// <param name="Value">The number.</param>
public sealed record Constant(float Value) : Initializer
{
    /// <summary>Zeros: Keras's default for biases.</summary>
    public static Constant Zeros { get; } = new(0);

    /// <summary>Ones: batch normalisation's scale.</summary>
    public static Constant Ones { get; } = new(1);

    /// <inheritdoc/>
    public override void Fill(Span<float> destination, Fans fans, RandomStream random) => destination.Fill(Value);
}
