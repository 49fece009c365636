namespace Sepal.Execution;

/// <summary>Which memory a buffer lies in; each has a base address of its own at run time.</summary>
internal enum MemorySpace
{
    /// <summary>A request's own memory, planned by liveness: activations, gradients by activations, temporaries.</summary>
    Arena,

    /// <summary>What a plan prepares once from parameters and keeps: packed kernels.</summary>
    Prepared,

    /// <summary>Trainable parameters, contiguous in graph order.</summary>
    Parameters,

    /// <summary>Parameters that the optimizer leaves alone: moving statistics, frozen kernels.</summary>
    State,

    /// <summary>The graph's constants, of any element type.</summary>
    Constants,

    /// <summary>Gradients by trainable parameters, laid out as <see cref="Parameters"/>.</summary>
    Gradients,

    /// <summary>The optimizer's memory: a few copies of the layout of <see cref="Parameters"/>.</summary>
    OptimizerState,
}

/// <summary>A stretch of memory that steps read and write. Its place is fixed when the plan is finished.</summary>
internal sealed class PlanBuffer(string name, MemorySpace space, long byteCount)
{
    public string Name { get; } = name;

    public MemorySpace Space { get; } = space;

    public long ByteCount { get; } = byteCount;

    /// <summary>From the base of its space, in bytes; a multiple of 64.</summary>
    public long Offset { get; set; } = -1;

    /// <summary>The first and last step that use it, for the arena's plan.</summary>
    public int FirstUse { get; set; } = int.MaxValue;

    public int LastUse { get; set; } = -1;

    public long FloatCount => ByteCount / sizeof(float);

    /// <summary>How many elements of a size it holds.</summary>
    public long Count(int elementBytes) => ByteCount / elementBytes;

    public override string ToString() => $"{Name} ({Space}, {ByteCount} bytes at {Offset})";
}
