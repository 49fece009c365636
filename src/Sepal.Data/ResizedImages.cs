using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Sepal.Data;

/// <summary>
/// A source's pictures in a model's size and channels. What was resized is kept as long as there is room; what does not fit any
/// more is decoded again whenever it is wanted, with the same result.
/// </summary>
/// <param name="source">The pictures.</param>
/// <param name="channels">3, or 1 for grey.</param>
/// <param name="size">The size wanted.</param>
/// <param name="shorterSide">As for <see cref="ImageFit.Resize"/>.</param>
/// <param name="rounded">Whether the pixels are rounded to bytes.</param>
/// <param name="cacheBytes">How much may be kept.</param>
internal sealed class ResizedImages(
    ImageSource source, int channels, Size2D size, int? shorterSide, bool rounded, long cacheBytes)
{
    // One byte a pixel and channel, or the floats as they are.
    private readonly byte[]?[] _kept = new byte[source.Count][];
    private long _keptBytes;

    /// <summary>Reads a picture.</summary>
    /// <param name="index">Which.</param>
    /// <param name="destination">The rows from the top, channels together, 0 to 255.</param>
    /// <exception cref="DataException">It cannot be read.</exception>
    public void Read(int index, Span<float> destination)
    {
        ReadOnlySpan<byte> bytes = shorterSide is null ? source.Bytes(index, channels, size) : [];
        if (bytes.IsEmpty)
        {
            bytes = Volatile.Read(ref _kept[index]);
        }

        if (bytes.IsEmpty)
        {
            ImageFit.Resize(source.Load(index), channels, size, shorterSide).CopyTo(destination);
            if (rounded)
            {
                TensorPrimitives.Round<float>(destination, destination);
            }

            Keep(index, destination);
        }
        else if (bytes.Length == destination.Length)
        {
            TensorPrimitives.ConvertChecked(bytes, destination);
        }
        else
        {
            MemoryMarshal.Cast<byte, float>(bytes).CopyTo(destination);
        }
    }

    private void Keep(int index, ReadOnlySpan<float> pixels)
    {
        long length = (long)pixels.Length * (rounded ? sizeof(byte) : sizeof(float));
        if (Interlocked.Add(ref _keptBytes, length) > cacheBytes)
        {
            Interlocked.Add(ref _keptBytes, -length);
            return;
        }

        byte[] bytes;
        if (rounded)
        {
            bytes = new byte[pixels.Length];
            TensorPrimitives.ConvertTruncating(pixels, bytes);
        }
        else
        {
            bytes = MemoryMarshal.AsBytes(pixels).ToArray();
        }

        Volatile.Write(ref _kept[index], bytes);
    }
}
