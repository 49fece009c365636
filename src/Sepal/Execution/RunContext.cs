namespace Sepal.Execution;

/// <summary>
/// What one run of a plan works on: the base address of every memory space, scratch memory for every worker, and the
/// numbers that change from step to step of training.
/// </summary>
internal sealed unsafe class RunContext : IDisposable
{
    private readonly nint[] _bases = new nint[Enum.GetValues<MemorySpace>().Length];
    private readonly AlignedMemory _arena;
    private readonly AlignedMemory _scratch;
    private readonly long _scratchStride;
    private bool _disposed;

    public RunContext(Plan plan, int threads)
    {
        Threads = threads;
        _arena = new AlignedMemory(plan.ArenaBytes);
        _scratchStride = AlignedMemory.RoundUp(plan.ScratchBytes);
        _scratch = new AlignedMemory(_scratchStride * threads);
        _bases[(int)MemorySpace.Arena] = (nint)_arena.Pointer;
    }

    public int Threads { get; }

    /// <summary>The seed of everything random in a run.</summary>
    public ulong Seed { get; set; }

    /// <summary>The number of the training step, from 0; what random masks count by.</summary>
    public long StepNumber { get; set; }

    public void Bind(MemorySpace space, AlignedMemory memory) => _bases[(int)space] = (nint)memory.Pointer;

    /// <summary>The address of a buffer, for as long as the context lives.</summary>
    public float* Floats(PlanBuffer buffer) => (float*)(_bases[(int)buffer.Space] + buffer.Offset);

    public int* Integers(PlanBuffer buffer) => (int*)Floats(buffer);

    /// <summary>The address of a buffer that holds elements of another type.</summary>
    public T* Pointer<T>(PlanBuffer buffer)
        where T : unmanaged => (T*)Floats(buffer);

    /// <summary>A buffer's floats as a span.</summary>
    public Span<float> Span(PlanBuffer buffer) => Span<float>(buffer);

    /// <summary>
    /// A buffer's elements of another type as a span. Every run begins with one, so this is where freed memory is refused.
    /// </summary>
    public Span<T> Span<T>(PlanBuffer buffer)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new(Pointer<T>(buffer), checked((int)buffer.Count(sizeof(T))));
    }

    /// <summary>A worker's scratch memory: as much as the neediest step of the plan asked for.</summary>
    public float* Scratch(int worker) => (float*)(_scratch.Pointer + (_scratchStride * worker));

    public void Dispose()
    {
        _disposed = true;
        _arena.Dispose();
        _scratch.Dispose();
    }
}
