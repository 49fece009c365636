using System.Runtime.InteropServices;

namespace Sepal.Execution;

/// <summary>
/// Zeroed native memory on a 64-byte boundary: whole cache lines and whole 512-bit vectors. Managed arrays start anywhere
/// and split them.
/// </summary>
internal sealed unsafe class AlignedMemory : IDisposable
{
    public const int Alignment = 64;

    private byte* _pointer;

    public AlignedMemory(long byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        ByteCount = byteCount;
        try
        {
            _pointer = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(byteCount, Alignment), Alignment);
        }
        catch (OutOfMemoryException exception)
        {
            throw new SepalException(
                $"There is not enough memory for {byteCount:N0} bytes. Use a smaller batch, or a smaller input.", exception);
        }

        NativeMemory.Clear(_pointer, (nuint)Math.Max(byteCount, Alignment));
        GC.AddMemoryPressure(Math.Max(byteCount, 1));
    }

    ~AlignedMemory() => Free();

    public long ByteCount { get; }

    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == null, this);
            return _pointer;
        }
    }

    /// <summary>A part of the memory as floats.</summary>
    public Span<float> Floats(long byteOffset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteOffset + (length * sizeof(float)), ByteCount);
        return new Span<float>(Pointer + byteOffset, checked((int)length));
    }

    public void Clear() => NativeMemory.Clear(Pointer, (nuint)ByteCount);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Rounds a byte count up to whole cache lines.</summary>
    public static long RoundUp(long byteCount) => checked(byteCount + Alignment - 1) & -Alignment;

    private void Free()
    {
        if (_pointer != null)
        {
            NativeMemory.AlignedFree(_pointer);
            _pointer = null;
            GC.RemoveMemoryPressure(Math.Max(ByteCount, 1));
        }
    }
}
