namespace Sepal.Execution;

/// <summary>
/// Collects the steps of a plan, and from what each reads and writes works out how long every buffer must live.
/// </summary>
/// <param name="prepareParameters">
/// Whether steps that depend on parameters alone are taken out of the plan, to be run once (inference), rather than run
/// every time (training, where parameters change with every step).
/// </param>
internal sealed class PlanBuilder(bool prepareParameters)
{
    private readonly List<Step> _steps = [];
    private readonly List<Step> _preparation = [];
    private readonly List<PlanBuffer> _arena = [];
    private long _preparedBytes;
    private long _scratchBytes;

    /// <summary>Whether buffers may share memory when their lives do not overlap. Off only to test that this changes nothing.</summary>
    public bool ShareMemory { get; init; } = true;

    /// <summary>The index that the next step will have.</summary>
    public int NextStep => _steps.Count;

    /// <summary>Reserves memory in the arena for as long as steps use it.</summary>
    public PlanBuffer Allocate(string name, long floats) => AllocateBytes(name, checked(floats * sizeof(float)));

    /// <summary>Reserves memory for elements of any size in the arena for as long as steps use it.</summary>
    public PlanBuffer AllocateBytes(string name, long byteCount)
    {
        var buffer = new PlanBuffer(name, MemorySpace.Arena, byteCount);
        _arena.Add(buffer);
        return buffer;
    }

    /// <summary>Adds a step at the end.</summary>
    /// <param name="nodeName">The node it belongs to.</param>
    /// <param name="action">What it does there.</param>
    /// <param name="parts">Into how many parts the work falls; a function of the shapes.</param>
    /// <param name="reads">Every buffer that the body reads.</param>
    /// <param name="writes">Every buffer that the body writes.</param>
    /// <param name="body">The work.</param>
    /// <param name="scratchFloats">Scratch floats that a worker needs.</param>
    public void Add(
        string nodeName,
        string action,
        int parts,
        ReadOnlySpan<PlanBuffer> reads,
        ReadOnlySpan<PlanBuffer> writes,
        StepBody body,
        long scratchFloats = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        Touch(reads, _steps.Count);
        Touch(writes, _steps.Count);
        _scratchBytes = Math.Max(_scratchBytes, checked(scratchFloats * sizeof(float)));
        _steps.Add(new Step(nodeName, action, parts, body));
    }

    /// <summary>Adds a step that makes something out of one parameter alone, such as a packed kernel.</summary>
    public PlanBuffer Prepare(
        string nodeName, string action, PlanBuffer parameter, long floats, Func<PlanBuffer, StepBody> body, int parts = 1) =>
        Prepare(nodeName, action, [parameter], floats, body, parts);

    /// <summary>
    /// Adds a step that makes something out of parameters alone; out of data, if a kernel is data, and then in every run.
    /// </summary>
    /// <param name="nodeName">The node it belongs to.</param>
    /// <param name="action">What it does there.</param>
    /// <param name="parameters">What it reads.</param>
    /// <param name="floats">The size of what it makes.</param>
    /// <param name="body">Makes the body, given the buffer to write.</param>
    /// <param name="parts">Into how many parts the work falls.</param>
    /// <returns>The buffer that is written.</returns>
    public PlanBuffer Prepare(
        string nodeName, string action, ReadOnlySpan<PlanBuffer> parameters, long floats, Func<PlanBuffer, StepBody> body, int parts = 1)
    {
        if (!prepareParameters || AnyInArena(parameters))
        {
            PlanBuffer temporary = Allocate($"{nodeName}/{action}", floats);
            Add(nodeName, action, parts, parameters, [temporary], body(temporary));
            return temporary;
        }

        var buffer = new PlanBuffer($"{nodeName}/{action}", MemorySpace.Prepared, checked(floats * sizeof(float)))
        {
            Offset = _preparedBytes,
        };
        _preparedBytes += AlignedMemory.RoundUp(buffer.ByteCount);
        _preparation.Add(new Step(nodeName, action, parts, body(buffer)));
        return buffer;
    }

    /// <summary>Keeps a buffer from the start, because the caller writes it before the first step.</summary>
    public static void LiveFromStart(PlanBuffer buffer)
    {
        buffer.FirstUse = -1;
        buffer.LastUse = Math.Max(buffer.LastUse, 0);
    }

    /// <summary>Keeps a buffer to the end, because the caller reads it after the last step.</summary>
    public static void LiveToEnd(PlanBuffer buffer) => buffer.LastUse = int.MaxValue;

    public Plan Build() => new()
    {
        Steps = [.. _steps],
        Preparation = [.. _preparation],
        ArenaBytes = ArenaLayout.Assign(_arena, ShareMemory),
        PreparedBytes = _preparedBytes,
        ScratchBytes = _scratchBytes,
    };

    private static bool AnyInArena(ReadOnlySpan<PlanBuffer> buffers)
    {
        foreach (PlanBuffer buffer in buffers)
        {
            if (buffer.Space == MemorySpace.Arena)
            {
                return true;
            }
        }

        return false;
    }

    private static void Touch(ReadOnlySpan<PlanBuffer> buffers, int step)
    {
        foreach (PlanBuffer buffer in buffers)
        {
            buffer.FirstUse = Math.Min(buffer.FirstUse, step);
            buffer.LastUse = Math.Max(buffer.LastUse, step);
        }
    }
}
