namespace Sepal.Execution;

/// <summary>
/// Gives every buffer of an arena its place: the largest first, each at the lowest offset where it meets no buffer that
/// lives at the same time ("greedy by size", Pisarchyk and Lee, arXiv 2001.03288).
/// </summary>
internal static class ArenaLayout
{
    /// <summary>Sets the offsets.</summary>
    /// <param name="buffers">All buffers of the arena, with their lives.</param>
    /// <param name="shareMemory">Whether lives that do not overlap may share memory.</param>
    /// <returns>The bytes of the whole arena.</returns>
    public static long Assign(IReadOnlyList<PlanBuffer> buffers, bool shareMemory)
    {
        var placed = new List<PlanBuffer>();
        long total = 0;
        foreach (PlanBuffer buffer in buffers.Where(buffer => buffer.LastUse >= 0).OrderByDescending(buffer => buffer.ByteCount))
        {
            long size = AlignedMemory.RoundUp(buffer.ByteCount);
            long offset = 0;

            // In order of offset, so that the first gap that is wide enough is the lowest.
            foreach (PlanBuffer other in placed)
            {
                bool together = !shareMemory || (other.FirstUse <= buffer.LastUse && buffer.FirstUse <= other.LastUse);
                if (!together)
                {
                    continue;
                }

                if (other.Offset >= offset + size)
                {
                    break;
                }

                offset = Math.Max(offset, other.Offset + AlignedMemory.RoundUp(other.ByteCount));
            }

            buffer.Offset = offset;
            total = Math.Max(total, checked(offset + size));
            int index = placed.FindIndex(other => other.Offset > offset);
            placed.Insert(index < 0 ? placed.Count : index, buffer);
        }

        return total;
    }
}
