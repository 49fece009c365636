using Sepal.Randomness;

namespace Sepal.Kernels.Elementwise;

/// <summary>
/// Dropout by a mask that is computed, not stored: element i is kept if number i of a random stream is at least the rate.
/// Forward and gradient are the same operation.
/// </summary>
/// <param name="Rate">The share of elements to drop.</param>
internal readonly record struct DropoutMask(float Rate)
{
    private const int NumbersPerBlock = 4;

    /// <summary>Scales the elements that are kept and zeros the others.</summary>
    /// <param name="source">Element 0.</param>
    /// <param name="destination">Where element 0 goes.</param>
    /// <param name="from">The first element to treat; a multiple of 4.</param>
    /// <param name="to">Just after the last one.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">The stream of this node and step.</param>
    public unsafe void Apply(float* source, float* destination, long from, long to, ulong seed, ulong stream)
    {
        float scale = 1 / (1 - Rate);
        long index = from;
        for (; index <= to - NumbersPerBlock; index += NumbersPerBlock)
        {
            (uint first, uint second, uint third, uint fourth) = Philox.Block(seed, stream, (ulong)(index / NumbersPerBlock));
            destination[index] = Keep(first) ? source[index] * scale : 0;
            destination[index + 1] = Keep(second) ? source[index + 1] * scale : 0;
            destination[index + 2] = Keep(third) ? source[index + 2] * scale : 0;
            destination[index + 3] = Keep(fourth) ? source[index + 3] * scale : 0;
        }

        if (index < to)
        {
            (uint first, uint second, uint third, _) = Philox.Block(seed, stream, (ulong)(index / NumbersPerBlock));
            ReadOnlySpan<uint> numbers = [first, second, third];
            for (int rest = 0; rest < to - index; rest++)
            {
                destination[index + rest] = Keep(numbers[rest]) ? source[index + rest] * scale : 0;
            }
        }
    }

    private bool Keep(uint bits) => Philox.ToUniform(bits) >= Rate;
}
