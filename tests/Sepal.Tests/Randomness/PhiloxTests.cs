using Sepal.Randomness;
using Xunit;

namespace Sepal.Tests.Randomness;

public sealed class PhiloxTests
{
    /// <summary>Random123's known answers for philox4x32-10: counter and key, least significant word first.</summary>
    [Theory]
    [InlineData("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8")]
    [InlineData("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd")]
    [InlineData("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1")]
    public void Gives_the_published_answers(string counter, string key, string expected)
    {
        ulong[] words = [.. counter.Split(' ').Select(word => Convert.ToUInt64(word, 16))];
        ulong[] keys = [.. key.Split(' ').Select(word => Convert.ToUInt64(word, 16))];
        (uint first, uint second, uint third, uint fourth) = Philox.Block(
            seed: keys[0] | (keys[1] << 32), stream: words[2] | (words[3] << 32), block: words[0] | (words[1] << 32));
        Assert.Equal(expected, $"{first:x8} {second:x8} {third:x8} {fourth:x8}");
    }

    [Fact]
    public void Uniform_numbers_reach_from_0_to_just_below_1()
    {
        Assert.Equal(0, Philox.ToUniform(0));
        Assert.Equal(1 - (1f / (1 << 24)), Philox.ToUniform(uint.MaxValue));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 8)]
    [InlineData(uint.MaxValue - 5L, 19)]
    public unsafe void Many_blocks_at_once_are_those_one_by_one(long firstBlock, int blocks)
    {
        const ulong seed = 0x0123456789ABCDEF;
        const ulong stream = 0xFEDCBA9876543210;
        using var numbers = new GuardedBuffer(blocks * 4);
        UniformNumbers.Fill(seed, stream, (ulong)firstBlock, blocks, numbers.Pointer);
        for (int block = 0; block < blocks; block++)
        {
            (uint first, uint second, uint third, uint fourth) = Philox.Block(seed, stream, (ulong)firstBlock + (ulong)block);
            uint[] bits = [first, second, third, fourth];
            Assert.Equal(bits.Select(Philox.ToUniform), numbers.Span.Slice(block * 4, 4).ToArray());
        }
    }
}
