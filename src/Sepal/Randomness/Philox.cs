namespace Sepal.Randomness;

/// <summary>
/// Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
/// Number <c>index</c> of stream <c>stream</c> under a seed is a pure function of the three, so any thread can compute any
/// number, in any order, with the same result.
/// </summary>
public static class Philox
{
    internal const uint MultiplierA = 0xD2511F53;
    internal const uint MultiplierB = 0xCD9E8D57;
    internal const uint WeylA = 0x9E3779B9;
    internal const uint WeylB = 0xBB67AE85;
    internal const int Rounds = 10;

    /// <summary>Four random 32-bit numbers.</summary>
    /// <param name="seed">The key.</param>
    /// <param name="stream">The upper half of the counter.</param>
    /// <param name="block">The lower half of the counter.</param>
    /// <returns>The numbers.</returns>
    public static (uint First, uint Second, uint Third, uint Fourth) Block(ulong seed, ulong stream, ulong block)
    {
        uint counter0 = (uint)block;
        uint counter1 = (uint)(block >> 32);
        uint counter2 = (uint)stream;
        uint counter3 = (uint)(stream >> 32);
        uint key0 = (uint)seed;
        uint key1 = (uint)(seed >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong productA = (ulong)MultiplierA * counter0;
            ulong productB = (ulong)MultiplierB * counter2;
            counter0 = (uint)(productB >> 32) ^ counter1 ^ key0;
            counter1 = (uint)productB;
            counter2 = (uint)(productA >> 32) ^ counter3 ^ key1;
            counter3 = (uint)productA;
            key0 += WeylA;
            key1 += WeylB;
        }

        return (counter0, counter1, counter2, counter3);
    }

    /// <summary>A uniform number in [0, 1) out of 24 of a random number's bits.</summary>
    /// <param name="bits">A random number.</param>
    /// <returns>A multiple of 2⁻²⁴.</returns>
    public static float ToUniform(uint bits) => (bits >> 8) * (1f / (1 << 24));
}
