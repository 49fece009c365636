using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Sepal.Execution;
using Xunit;

namespace Sepal.Tests.Execution;

public sealed class ArenaLayoutTests
{
    /// <summary>A buffer's bytes, and the first and last step that use it.</summary>
    public sealed record Life(int Bytes, int First, int Last);

    public static Arbitrary<Life[]> Lives() => Arb.From(
        (from bytes in Gen.Frequency((1, Gen.Constant(0)), (9, Gen.Choose(1, 1000)))
         from first in Gen.Choose(-1, 20)
         from length in Gen.Choose(0, 10)
         select new Life(bytes, first, first + length)).ArrayOf());

    [Property(Arbitrary = [typeof(ArenaLayoutTests)])]
    public void No_two_buffers_that_live_together_overlap(Life[] lives)
    {
        PlanBuffer[] buffers = Buffers(lives);
        long total = ArenaLayout.Assign(buffers, shareMemory: true);
        foreach (PlanBuffer buffer in buffers)
        {
            Assert.True(buffer.Offset >= 0 && buffer.Offset % AlignedMemory.Alignment == 0, buffer.ToString());
            Assert.True(buffer.Offset + buffer.ByteCount <= total, buffer.ToString());
            Assert.All(buffers, other => Assert.False(
                other != buffer && LiveTogether(buffer, other) && Overlap(buffer, other), $"{buffer} and {other} overlap"));
        }
    }

    [Property(Arbitrary = [typeof(ArenaLayoutTests)])]
    public void Without_sharing_no_two_buffers_overlap(Life[] lives)
    {
        PlanBuffer[] buffers = Buffers(lives);
        long total = ArenaLayout.Assign(buffers, shareMemory: false);
        Assert.Equal(buffers.Sum(buffer => AlignedMemory.RoundUp(buffer.ByteCount)), total);
        Assert.All(buffers, buffer => Assert.DoesNotContain(buffers, other => other != buffer && Overlap(buffer, other)));
    }

    [Property(Arbitrary = [typeof(ArenaLayoutTests)])]
    public void Is_no_larger_than_all_buffers_and_no_smaller_than_those_of_any_step(Life[] lives)
    {
        PlanBuffer[] buffers = Buffers(lives);
        long total = ArenaLayout.Assign(buffers, shareMemory: true);
        long needed = Enumerable.Range(-1, 32).Max(step =>
            buffers.Where(buffer => buffer.FirstUse <= step && step <= buffer.LastUse).Sum(buffer => AlignedMemory.RoundUp(buffer.ByteCount)));
        Assert.InRange(total, needed, buffers.Sum(buffer => AlignedMemory.RoundUp(buffer.ByteCount)));
    }

    [Fact]
    public void A_chain_of_equal_buffers_takes_two()
    {
        PlanBuffer[] buffers = Buffers([.. Enumerable.Range(0, 10).Select(step => new Life(256, step, step + 1))]);
        Assert.Equal(512, ArenaLayout.Assign(buffers, shareMemory: true));
    }

    [Fact]
    public void A_buffer_that_no_step_uses_takes_no_room()
    {
        var buffer = new PlanBuffer("unused", MemorySpace.Arena, 1000);
        Assert.Equal(0, ArenaLayout.Assign([buffer], shareMemory: true));
    }

    private static PlanBuffer[] Buffers(Life[] lives) =>
        [.. lives.Select((life, index) => new PlanBuffer($"buffer {index}", MemorySpace.Arena, life.Bytes) { FirstUse = life.First, LastUse = Math.Max(life.Last, 0) })];

    private static bool LiveTogether(PlanBuffer left, PlanBuffer right) =>
        left.FirstUse <= right.LastUse && right.FirstUse <= left.LastUse;

    private static bool Overlap(PlanBuffer left, PlanBuffer right) =>
        left.Offset < right.Offset + right.ByteCount && right.Offset < left.Offset + left.ByteCount;
}
