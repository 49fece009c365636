namespace Sepal.Randomness;

/// <summary>One stream of <see cref="Philox"/>, read from its start. Not for use by several threads at once.</summary>
public sealed class RandomStream
{
    private readonly ulong _seed;
    private readonly ulong _stream;
    private ulong _block;
    private (uint First, uint Second, uint Third, uint Fourth) _numbers;
    private int _used = 4;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">The seed of the whole run.</param>
    /// <param name="stream">Which stream; streams with different numbers are independent.</param>
    public RandomStream(ulong seed, ulong stream)
    {
        _seed = seed;
        _stream = stream;
    }

    /// <summary>The next random 32 bits.</summary>
    /// <returns>The number.</returns>
    public uint NextUInt32()
    {
        if (_used == 4)
        {
            _numbers = Philox.Block(_seed, _stream, _block++);
            _used = 0;
        }

        return _used++ switch
        {
            0 => _numbers.First,
            1 => _numbers.Second,
            2 => _numbers.Third,
            _ => _numbers.Fourth,
        };
    }

    /// <summary>A uniform number in [0, 1).</summary>
    /// <returns>A multiple of 2⁻²⁴.</returns>
    public float NextSingle() => Philox.ToUniform(NextUInt32());

    /// <summary>A whole number from 0 to just below a bound, without bias (Lemire, arXiv 1805.10941).</summary>
    /// <param name="bound">At least 1.</param>
    /// <returns>The number.</returns>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        uint range = (uint)bound;
        ulong product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            uint threshold = (uint)(-bound) % range;
            while ((uint)product < threshold)
            {
                product = (ulong)NextUInt32() * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>A number from the standard normal distribution (Box and Muller, 1958).</summary>
    /// <returns>The number.</returns>
    public float NextNormal()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - (double)NextSingle()));
        return (float)(radius * Math.Cos(2 * Math.PI * NextSingle()));
    }

    /// <summary>Brings items into a random order (Fisher and Yates).</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="items">The items.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int other = NextInt32(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
