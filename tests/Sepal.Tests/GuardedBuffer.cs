using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Xunit;

namespace Sepal.Tests;

/// <summary>
/// Native floats that end exactly where their memory does: on Linux the next byte is an inaccessible page, so that even
/// reading past the end crashes the test. Before them, and elsewhere after them too, lie canaries that
/// <see cref="Dispose"/> checks. They start out as NaN, so that a kernel which reads what nobody wrote shows it.
/// </summary>
internal sealed unsafe partial class GuardedBuffer : IDisposable
{
    private const int CanaryLength = 64;
    private const float Canary = -123456.75f;
    private const int ProtectNone = 0;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const long MostKept = 256L << 20;

    // Mappings that nobody uses now, by length: the tests make hundreds of thousands of buffers, and mapping, protecting and
    // touching new pages takes the system longer than the kernels take.
    private static readonly ConcurrentDictionary<nuint, ConcurrentStack<nint>> _kept = new();
    private static long _keptLength;

    private readonly byte* _memory;
    private readonly nuint _memoryLength;
    private readonly bool _isMapped;

    public GuardedBuffer(long length)
    {
        Length = checked((int)length);
        _isMapped = OperatingSystem.IsLinux();
        nuint bytes = (nuint)(length + (2 * CanaryLength)) * sizeof(float);
        if (_isMapped)
        {
            nuint page = (nuint)Environment.SystemPageSize;
            nuint usable = (bytes + page - 1) / page * page;
            _memoryLength = usable + page;
            _memory = Take(_memoryLength);
            if (_memory == null)
            {
                _memory = (byte*)Map(null, _memoryLength, ReadWrite, PrivateAnonymous, -1, 0);
                Assert.NotEqual(-1, (nint)_memory);
                Assert.Equal(0, Protect(_memory + usable, page, ProtectNone));
            }

            Pointer = (float*)(_memory + usable) - length;
        }
        else
        {
            _memory = (byte*)NativeMemory.AlignedAlloc(bytes, 64);
            Pointer = (float*)_memory + CanaryLength;
        }

        Span.Fill(float.NaN);
        new Span<float>(Pointer - CanaryLength, CanaryLength).Fill(Canary);
        if (!_isMapped)
        {
            new Span<float>(Pointer + Length, CanaryLength).Fill(Canary);
        }
    }

    public GuardedBuffer(ReadOnlySpan<float> values)
        : this(values.Length)
    {
        values.CopyTo(Span);
    }

    public int Length { get; }

    public float* Pointer { get; }

    public Span<float> Span => new(Pointer, Length);

    public void Dispose()
    {
        bool before = new ReadOnlySpan<float>(Pointer - CanaryLength, CanaryLength).ContainsAnyExcept(Canary);
        bool after = !_isMapped
            && new ReadOnlySpan<float>(Pointer + Length, CanaryLength).ContainsAnyExcept(Canary);
        if (_isMapped)
        {
            GiveBack(_memory, _memoryLength);
        }
        else
        {
            NativeMemory.AlignedFree(_memory);
        }

        Assert.False(before, "Something was written before the buffer.");
        Assert.False(after, "Something was written after the buffer.");
    }

    private static byte* Take(nuint length)
    {
        if (!_kept.TryGetValue(length, out ConcurrentStack<nint>? kept) || !kept.TryPop(out nint memory))
        {
            return null;
        }

        Interlocked.Add(ref _keptLength, -(long)length);
        return (byte*)memory;
    }

    private static void GiveBack(byte* memory, nuint length)
    {
        if (Interlocked.Add(ref _keptLength, (long)length) > MostKept)
        {
            Interlocked.Add(ref _keptLength, -(long)length);
            _ = Unmap(memory, length);
            return;
        }

        _kept.GetOrAdd(length, static _ => new()).Push((nint)memory);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
