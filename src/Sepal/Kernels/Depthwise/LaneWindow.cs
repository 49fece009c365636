using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// Copies rows of an image with their padding, all channels of a pixel together, and sorts their columns by their remainder by the
/// stride where that makes what lanes read neighbours.
/// </summary>
internal sealed unsafe class LaneWindow<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private readonly CorrelationAxis _rows;
    private readonly LaneSorting<TSimd, TVector>? _sorting;
    private readonly int _channels;
    private readonly int _excess;
    private readonly nint _first;
    private readonly int _left;
    private readonly int _existing;
    private readonly bool[] _areRead;

    /// <param name="geometry">The convolution.</param>
    /// <param name="excess">Floats that may be read past the end.</param>
    public LaneWindow(in ConvolutionGeometry geometry, int excess)
    {
        Correlation correlation = Correlation.Forward(geometry);
        CorrelationAxis axis = correlation.Columns;
        CorrelationAxis rows = correlation.Rows;
        int targets = geometry.OutputHeight;
        int columns = ((axis.TargetCount - 1) * axis.SourceStep) + axis.Reach + 1;
        int left = Math.Clamp(-axis.SourceStart, 0, columns);
        _rows = rows;
        _excess = excess;
        _channels = geometry.InputChannels;
        _sorting = LaneLayout.IsSorted(geometry, TSimd.Width)
            ? new LaneSorting<TSimd, TVector>(axis, columns, _channels)
            : null;
        _left = left * _channels;
        _existing = (Math.Clamp(axis.SourceLength - axis.SourceStart, left, columns) - left) * _channels;
        _first = (nint)(axis.SourceStart + left) * _channels;
        Pitch = ((columns * _channels) + 15) / 16 * 16;
        _areRead = [.. Enumerable.Range(0, Rows(targets)).Select(row => rows.IsUnderTap(row, targets))];
    }

    /// <summary>Floats from one row to the next.</summary>
    public nint Pitch { get; }

    /// <summary>Rows of the source from the first to the last tap of some target rows.</summary>
    public int Rows(int targetRows) => ((targetRows - 1) * _rows.SourceStep) + _rows.Reach + 1;

    /// <summary>Where a column of the source lies, from the first one under a tap.</summary>
    public nint ColumnOffset(int column) => _sorting?.Offset(column) ?? ((nint)column * _channels);

    /// <summary>Scratch for some target rows.</summary>
    public long ScratchLength(int targetRows) => (_sorting is null ? 1 : 2) * Length(targetRows);

    /// <summary>Copies what lies under some target rows, and gives what lies under the first tap of the first of them.</summary>
    /// <param name="source">Where the source's row 0 is, or would be.</param>
    /// <param name="sourcePitch">Floats from one source row to the next.</param>
    /// <param name="targetRow">The first target row.</param>
    /// <param name="targetRows">Target rows.</param>
    /// <param name="existing">The source rows that must exist.</param>
    /// <param name="scratch">Where to.</param>
    public float* Copy(
        float* source, nint sourcePitch, int targetRow, int targetRows, (int First, int End) existing, float* scratch)
    {
        ReadOnlySpan<bool> areRead = _areRead.AsSpan(0, Rows(targetRows));
        if (_sorting is null)
        {
            CopyRows(source + _first, sourcePitch, targetRow, areRead, existing, scratch);
            return scratch;
        }

        float* copied = scratch + Length(targetRows);
        CopyRows(source + _first, sourcePitch, targetRow, areRead, existing, copied);
        _sorting.Run(copied, scratch, Pitch, areRead);
        return scratch;
    }

    private long Length(int targetRows) => ((Rows(targetRows) * Pitch) + _excess + 15) / 16 * 16;

    /// <summary>A row that no tap reads need not exist and is left as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyRows(
        float* source, nint sourcePitch, int targetRow, ReadOnlySpan<bool> areRead, (int First, int End) existing, float* window)
    {
        TVector zero = default;
        nint pitch = Pitch;
        nint left = _left;
        nint end = _left + _existing;
        nint lastVector = _existing - TSimd.Width;
        int row = _rows.SourceStart + (targetRow * _rows.SourceStep);
        source += row * sourcePitch;
        for (int i = 0; i < areRead.Length; i++, row++, source += sourcePitch, window += pitch)
        {
            if (!areRead[i])
            {
                continue;
            }

            bool exists = row >= existing.First && row < existing.End && end > left;

            // What a vector of zeros covers of what follows is overwritten by that.
            for (nint j = 0; j < (exists ? left : pitch); j += TSimd.Width)
            {
                TSimd.Store(zero, window + j);
            }

            if (!exists)
            {
                continue;
            }

            for (nint j = 0; j < lastVector; j += TSimd.Width)
            {
                TSimd.Store(TSimd.Load(source + j), window + left + j);
            }

            if (lastVector >= 0)
            {
                TSimd.Store(TSimd.Load(source + lastVector), window + left + lastVector);
            }
            else
            {
                TSimd.StorePartial(TSimd.LoadPartial(source, _existing), window + left, _existing);
            }

            for (nint j = end; j < pitch; j += TSimd.Width)
            {
                TSimd.Store(zero, window + j);
            }
        }
    }
}
