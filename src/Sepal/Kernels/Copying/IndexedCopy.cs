namespace Sepal.Kernels.Copying;

/// <summary>Indices that a run brings, of 64 or 32 bits, made into positions along an axis.</summary>
/// <param name="nodeName">The node, for messages.</param>
/// <param name="extent">The axis's length.</param>
/// <param name="isWide">Whether the indices have 64 bits.</param>
internal sealed unsafe class IndexReader(string nodeName, long extent, bool isWide)
{
    /// <summary>A position along the axis.</summary>
    /// <param name="indices">The indices.</param>
    /// <param name="place">Which of them.</param>
    /// <exception cref="SepalException">The index lies outside the axis.</exception>
    public long Read(void* indices, long place)
    {
        long index = isWide ? ((long*)indices)[place] : ((int*)indices)[place];
        long position = index < 0 ? index + extent : index;
        return position >= 0 && position < extent
            ? position
            : throw new SepalException(
                $"Node '{nodeName}': index {place} is {index}, but the axis has {extent} elements. "
                + $"Give indices from −{extent} to {extent - 1}.");
    }
}

/// <summary>Copies slices of a tensor of <c>[outer, extent, inner]</c> that indices pick, to <c>[outer, count, inner]</c>.</summary>
/// <param name="indices">Makes positions of the indices.</param>
/// <param name="extent">The axis's length.</param>
/// <param name="count">How many indices there are.</param>
/// <param name="innerBytes">Bytes of a slice.</param>
internal sealed unsafe class SliceGathering(IndexReader indices, long extent, long count, long innerBytes)
{
    /// <summary>Writes some slices, counted over all outer positions.</summary>
    public void Run(byte* source, void* picked, byte* destination, long from, long to)
    {
        for (long slice = from; slice < to; slice++)
        {
            (long outer, long place) = Math.DivRem(slice, count);
            byte* start = source + (((outer * extent) + indices.Read(picked, place)) * innerBytes);
            Buffer.MemoryCopy(start, destination + (slice * innerBytes), innerBytes, innerBytes);
        }
    }
}

/// <summary>Copies single elements, each from its own place but for one axis, where an index says.</summary>
internal sealed unsafe class ElementGathering
{
    private readonly IndexReader _indices;
    private readonly long[] _extents;
    private readonly long[] _strides;
    private readonly int _axis;

    /// <summary>Makes the kernel.</summary>
    /// <param name="indices">Makes positions of the indices.</param>
    /// <param name="source">The source's dimensions.</param>
    /// <param name="destination">The indices' and the destination's dimensions.</param>
    /// <param name="axis">The axis.</param>
    public ElementGathering(IndexReader indices, ReadOnlySpan<int> source, ReadOnlySpan<int> destination, int axis)
    {
        _indices = indices;
        _axis = axis;
        _extents = new long[destination.Length];
        _strides = new long[destination.Length];
        long stride = 1;
        for (int index = destination.Length - 1; index >= 0; index--)
        {
            _extents[index] = destination[index];
            _strides[index] = stride;
            stride *= source[index];
        }
    }

    /// <summary>Writes some elements.</summary>
    public void Run(byte* source, void* picked, byte* destination, int elementBytes, long from, long to)
    {
        for (long element = from; element < to; element++)
        {
            long place = _indices.Read(picked, element) * _strides[_axis];
            long rest = element;
            for (int axis = _extents.Length - 1; axis >= 0; axis--)
            {
                (rest, long index) = Math.DivRem(rest, _extents[axis]);
                place += axis == _axis ? 0 : index * _strides[axis];
            }

            Buffer.MemoryCopy(source + (place * elementBytes), destination + (element * elementBytes), elementBytes, elementBytes);
        }
    }
}
