using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sepal.Randomness;

/// <summary>
/// Long stretches of a <see cref="Philox"/> stream as uniform numbers, several blocks at a time where the machine can.
/// </summary>
internal static unsafe class UniformNumbers
{
    /// <summary>Numbers that one block gives.</summary>
    public const int PerBlock = 4;

    private const int BlocksAtOnce = 8;

    /// <summary>Writes the numbers of some blocks, in the order of the stream.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">Which stream.</param>
    /// <param name="firstBlock">The first block.</param>
    /// <param name="blocks">How many blocks.</param>
    /// <param name="destination">Four numbers a block.</param>
    public static void Fill(ulong seed, ulong stream, ulong firstBlock, int blocks, float* destination)
    {
        int block = 0;
        if (Avx2.IsSupported)
        {
            for (; block <= blocks - BlocksAtOnce; block += BlocksAtOnce)
            {
                FillEight(seed, stream, firstBlock + (ulong)block, destination + (block * PerBlock));
            }
        }

        for (; block < blocks; block++)
        {
            (uint first, uint second, uint third, uint fourth) = Philox.Block(seed, stream, firstBlock + (ulong)block);
            float* numbers = destination + (block * PerBlock);
            numbers[0] = Philox.ToUniform(first);
            numbers[1] = Philox.ToUniform(second);
            numbers[2] = Philox.ToUniform(third);
            numbers[3] = Philox.ToUniform(fourth);
        }
    }

    /// <summary>Two times four blocks side by side, so that one four's multiplications hide the other's latency.</summary>
    private static void FillEight(ulong seed, ulong stream, ulong block, float* destination)
    {
        Lanes near = Lanes.Of(stream, block);
        Lanes far = Lanes.Of(stream, block + 4);
        uint keyA = (uint)seed;
        uint keyB = (uint)(seed >> 32);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            near = near.Round(keyA, keyB);
            far = far.Round(keyA, keyB);
            keyA += Philox.WeylA;
            keyB += Philox.WeylB;
        }

        near.Write(destination);
        far.Write(destination + (4 * PerBlock));
    }

    /// <summary>
    /// The counters of four blocks, one word a vector, in the lower halves of its 64-bit elements. The upper halves hold what
    /// is left of products: multiplications ignore them.
    /// </summary>
    private readonly record struct Lanes(
        Vector256<ulong> First, Vector256<ulong> Second, Vector256<ulong> Third, Vector256<ulong> Fourth)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Lanes Of(ulong stream, ulong block)
        {
            Vector256<ulong> blocks = Vector256.Create(block) + Vector256<ulong>.Indices;
            return new Lanes(
                blocks, blocks >>> 32, Vector256.Create((ulong)(uint)stream), Vector256.Create(stream >> 32));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Lanes Round(uint keyA, uint keyB)
        {
            Vector256<ulong> productA = Avx2.Multiply(First.AsUInt32(), Vector256.Create((ulong)Philox.MultiplierA).AsUInt32());
            Vector256<ulong> productB = Avx2.Multiply(Third.AsUInt32(), Vector256.Create((ulong)Philox.MultiplierB).AsUInt32());
            return new Lanes(
                (productB >>> 32) ^ Second ^ Vector256.Create((ulong)keyA),
                productB,
                (productA >>> 32) ^ Fourth ^ Vector256.Create((ulong)keyB),
                productA);
        }

        /// <summary>Block by block: its first and second word are one 64-bit element, its third and fourth another.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Write(float* destination)
        {
            Vector256<ulong> lower = Vector256.Create((ulong)uint.MaxValue);
            Vector256<ulong> front = (First & lower) | (Second << 32);
            Vector256<ulong> back = (Third & lower) | (Fourth << 32);
            Vector256<ulong> even = Avx2.UnpackLow(front, back);
            Vector256<ulong> odd = Avx2.UnpackHigh(front, back);
            ToUniform(Avx2.Permute2x128(even, odd, 0x20)).Store(destination);
            ToUniform(Avx2.Permute2x128(even, odd, 0x31)).Store(destination + 8);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<float> ToUniform(Vector256<ulong> bits) =>
            Vector256.ConvertToSingle((bits.AsUInt32() >>> 8).AsInt32()) * (1f / (1 << 24));
    }
}
