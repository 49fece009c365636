using System.Collections.Immutable;

namespace Sepal.Kernels.Rows;

/// <summary>
/// Several convolutions one after the other, a strip of the last one's rows at a time. Of what lies between two of them only the
/// rows that the strip reads are kept; those that the next strip reads again move to the front.
/// </summary>
internal sealed unsafe class RowStrips
{
    /// <summary>
    /// Bytes that a strip's rows may take between convolutions, so that they stay in a second-level cache of 1 MiB beside the weights:
    /// 250 thousand cost 2 to 4 %, 600 thousand gain nothing.
    /// </summary>
    private const long WorkingSet = 450_000;

    /// <summary>Rows of a part at least, as those at its edge are computed by the part next to it too.</summary>
    private const int FewestRowsOfPart = 3;

    /// <summary>Rows of a part of which the few that two parts compute make little.</summary>
    private const int RowsOfEasyPart = 12;

    private readonly ImmutableArray<ConvolutionRows> _stages;
    private readonly int _stripRows;
    private readonly long[] _bufferOffsets;
    private readonly int[] _pitches;
    private readonly long _scratchOffset;

    /// <param name="stages">The convolutions.</param>
    /// <param name="workingSet">Bytes between convolutions, to test strips of any height; what is fastest where not given.</param>
    public RowStrips(ImmutableArray<ConvolutionRows> stages, long? workingSet = null)
    {
        long most = workingSet ?? WorkingSet;
        _stages = stages;
        _pitches = [.. stages.SkipLast(1).Select(stage => stage.Geometry.OutputWidth * stage.Geometry.OutputChannels)];
        int rows = stages[^1].Geometry.OutputHeight;
        _stripRows = 1;
        while (_stripRows < rows && BufferRows(_stripRows + 1).Select((count, index) => (long)count * _pitches[index] * sizeof(float)).Sum() <= most)
        {
            _stripRows++;
        }

        // Strips as equal as they come.
        int strips = (rows + _stripRows - 1) / _stripRows;
        _stripRows = (rows + strips - 1) / strips;
        _bufferOffsets = new long[stages.Length];
        int[] bufferRows = BufferRows(_stripRows);
        for (int index = 0; index < bufferRows.Length; index++)
        {
            _bufferOffsets[index + 1] = _bufferOffsets[index] + RoundUp((long)bufferRows[index] * _pitches[index]);
        }

        _scratchOffset = _bufferOffsets[^1];
        ScratchLength = _scratchOffset + stages.Max(stage => stage.ScratchLength);
    }

    /// <summary>Floats of scratch that a call needs.</summary>
    public long ScratchLength { get; }

    /// <summary>
    /// Into how many parts an image is divided: as many for each thread, two where that leaves them enough rows, so that one thread that is
    /// held up does not hold up the others for long.
    /// </summary>
    public int Parts(int threads)
    {
        int rows = _stages[^1].Geometry.OutputHeight;
        return rows < threads * FewestRowsOfPart
            ? Math.Max(rows / FewestRowsOfPart, 1)
            : threads == 1 ? 1 : threads * Math.Clamp(rows / (threads * RowsOfEasyPart), 1, 2);
    }

    /// <summary>The rows of one part.</summary>
    public (int From, int To) Share(int part, int parts)
    {
        long rows = _stages[^1].Geometry.OutputHeight;
        return ((int)(rows * part / parts), (int)(rows * (part + 1) / parts));
    }

    /// <summary>Computes some rows of the last convolution's result.</summary>
    /// <param name="operands">For each convolution; the first one's source and the last one's target are set.</param>
    /// <param name="scratch">As long as <see cref="ScratchLength"/>.</param>
    /// <param name="from">The first row.</param>
    /// <param name="to">One past the last row.</param>
    public void Run(RowOperands* operands, float* scratch, int from, int to)
    {
        int count = _stages.Length;

        // The rows [low, high) of each convolution's result that are in its buffer.
        int* low = stackalloc int[count];
        int* high = stackalloc int[count];
        int* first = stackalloc int[count];
        int* end = stackalloc int[count];
        new Span<int>(low, count).Clear();
        new Span<int>(high, count).Clear();
        for (int stage = 0; stage < count; stage++)
        {
            operands[stage].Scratch = scratch + _scratchOffset;
        }

        for (int row = from; row < to; row += _stripRows)
        {
            (first[count - 1], end[count - 1]) = (row, Math.Min(row + _stripRows, to));
            for (int stage = count - 1; stage > 0; stage--)
            {
                (first[stage - 1], end[stage - 1]) = Sources(_stages[stage].Rows, first[stage], end[stage]);
            }

            for (int stage = 0; stage < count - 1; stage++)
            {
                float* buffer = scratch + _bufferOffsets[stage];
                nint pitch = _pitches[stage];
                int kept = Math.Max(high[stage] - first[stage], 0);
                if (kept > 0 && first[stage] > low[stage])
                {
                    // Not NativeMemory.Copy, which does not promise to mind that the rows may overlap.
                    long bytes = kept * (long)pitch * sizeof(float);
                    Buffer.MemoryCopy(buffer + ((first[stage] - low[stage]) * pitch), buffer, bytes, bytes);
                }

                low[stage] = first[stage];
                high[stage] = Math.Max(end[stage], first[stage] + kept);
                operands[stage].Target = buffer - (low[stage] * pitch);
                operands[stage + 1].Source = operands[stage].Target;
                operands[stage].From = first[stage] + kept;
                operands[stage].To = end[stage];
                _stages[stage].Run(operands[stage]);
            }

            operands[count - 1].From = first[count - 1];
            operands[count - 1].To = end[count - 1];
            _stages[count - 1].Run(operands[count - 1]);
        }
    }

    /// <summary>The source rows under the taps of some target rows.</summary>
    private static (int First, int End) Sources(CorrelationAxis rows, int from, int to)
    {
        int first = Math.Clamp(rows.SourceStart + (from * rows.SourceStep), 0, rows.SourceLength);
        int end = Math.Clamp(rows.SourceStart + ((to - 1) * rows.SourceStep) + rows.Reach + 1, first, rows.SourceLength);
        return (first, end);
    }

    private static long RoundUp(long floats) => (floats + 15) / 16 * 16;

    /// <summary>How many rows each buffer holds at most for a strip of so many rows.</summary>
    private int[] BufferRows(int stripRows)
    {
        var counts = new int[_stages.Length - 1];
        int rows = stripRows;
        for (int stage = _stages.Length - 1; stage > 0; stage--)
        {
            CorrelationAxis axis = _stages[stage].Rows;
            rows = Math.Min(((rows - 1) * axis.SourceStep) + axis.Reach + 1, axis.SourceLength);
            counts[stage - 1] = rows;
        }

        return counts;
    }
}
