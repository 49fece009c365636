using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Sepal.Execution;

namespace Sepal.Training.Features;

/// <summary>Rows of numbers, one an example: in memory up to a bound, otherwise in a temporary file that goes with the process.</summary>
internal sealed class FeatureStore : IDisposable
{
    private readonly int _rowLength;
    private readonly AlignedMemory? _memory;
    private readonly SafeFileHandle? _file;

    private FeatureStore(int rowLength, AlignedMemory? memory, SafeFileHandle? file)
    {
        _rowLength = rowLength;
        _memory = memory;
        _file = file;
    }

    private long RowBytes => (long)_rowLength * sizeof(float);

    /// <summary>Makes room for rows.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="rowLength">Numbers a row.</param>
    /// <param name="memoryLimit">The most bytes to keep in memory.</param>
    /// <returns>The store; null where neither memory nor the disk has the room.</returns>
    public static FeatureStore? Create(int rows, int rowLength, long memoryLimit)
    {
        long bytes = checked((long)rows * rowLength * sizeof(float));
        if (bytes <= memoryLimit)
        {
            return new FeatureStore(rowLength, new AlignedMemory(bytes), null);
        }

        try
        {
            string path = Path.Combine(Path.GetTempPath(), $"sepal-features-{Guid.NewGuid():N}");

            // Room is left for others: a full temporary directory stops more than this process.
            if (new DriveInfo(Path.GetTempPath()).AvailableFreeSpace / 2 < bytes)
            {
                return null;
            }

            SafeFileHandle file = File.OpenHandle(
                path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose | FileOptions.RandomAccess);
            if (!OperatingSystem.IsWindows())
            {
                // Without a name, it goes with the process even where that is killed.
                File.Delete(path);
            }

            return new FeatureStore(rowLength, null, file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Writes rows that follow each other.</summary>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public void Write(int firstRow, ReadOnlySpan<float> rows)
    {
        if (_memory is not null)
        {
            for (int start = 0; start < rows.Length; start += _rowLength)
            {
                rows.Slice(start, _rowLength).CopyTo(_memory.Floats((firstRow * RowBytes) + ((long)start * sizeof(float)), _rowLength));
            }

            return;
        }

        RandomAccess.Write(_file!, MemoryMarshal.AsBytes(rows), firstRow * RowBytes);
    }

    /// <summary>Reads a row.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public void Read(int row, Span<float> destination)
    {
        if (_memory is not null)
        {
            _memory.Floats(row * RowBytes, _rowLength).CopyTo(destination);
            return;
        }

        Span<byte> bytes = MemoryMarshal.AsBytes(destination);
        int done = 0;
        while (done < bytes.Length)
        {
            int read = RandomAccess.Read(_file!, bytes[done..], (row * RowBytes) + done);
            done += read > 0 ? read : throw new EndOfStreamException("The temporary file of frozen features is shorter than what was written.");
        }
    }

    public void Dispose()
    {
        _memory?.Dispose();
        _file?.Dispose();
    }
}
