using Sepal.Randomness;

namespace Sepal.Training.Initializers;

/// <summary>Numbers that are known already, such as the weights of a trained model; the seed makes no difference.</summary>
/// <param name="Values">The parameter's numbers in storage order, 32-bit floats.</param>
public sealed record Given(ReadOnlyMemory<float> Values) : Initializer
{
    /// <inheritdoc/>
    /// <exception cref="SepalException">The parameter has another number of elements.</exception>
    public override void Fill(Span<float> destination, Fans fans, RandomStream random)
    {
        if (Values.Length != destination.Length)
        {
            throw new SepalException(
                $"A parameter has {destination.Length} numbers, but its initialiser gives {Values.Length}. Give as many as its shape has elements.");
        }

        Values.Span.CopyTo(destination);
    }
}
