using System.Buffers;
using Sepal.Execution;

namespace Sepal.Onnx.Files;

/// <summary>Native memory as <see cref="Memory{T}"/>. It is freed at once, not when the garbage collector comes to it.</summary>
/// <param name="length">The number of bytes.</param>
internal sealed unsafe class NativeBytes(int length) : MemoryManager<byte>
{
    private readonly AlignedMemory _memory = new(length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(_memory.Pointer, length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_memory.Pointer + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _memory.Dispose();
}
