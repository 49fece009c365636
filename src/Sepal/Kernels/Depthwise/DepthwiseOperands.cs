namespace Sepal.Kernels.Depthwise;

/// <summary>
/// One vector of channels of a depthwise correlation over a rectangle of pixels whose taps all exist:
/// <code>target[y][x] = bias + Σ over r, c: source[y][x][r][c] · weights[r][c]</code>
/// where every bracket is a step in floats from the pointer. Taps are added in this order by every kernel.
/// </summary>
internal unsafe struct DepthwiseOperands
{
    public float* Source;

    /// <summary>Floats of the source from one row of pixels to the next.</summary>
    public nint SourceRowStep;

    /// <summary>Floats of the source from one pixel of a row to the next.</summary>
    public nint SourceColumnStep;

    /// <summary>Floats of the source from one row of taps to the next.</summary>
    public nint TapRowStep;

    /// <summary>Floats of the source from one tap of a row to the next.</summary>
    public nint TapColumnStep;

    public int TapRows;

    public int TapColumns;

    public float* Weights;

    /// <summary>Floats of the weights from one row of taps to the next; negative where they are read backwards.</summary>
    public nint WeightRowStep;

    /// <summary>Floats of the weights from one tap of a row to the next.</summary>
    public nint WeightColumnStep;

    /// <summary>May be null.</summary>
    public float* Bias;

    public float* Target;

    public nint TargetRowStep;

    public nint TargetColumnStep;

    /// <summary>The same from another pixel on, with some of its taps.</summary>
    public readonly DepthwiseOperands At(int row, int column, (int First, int End) tapRows, (int First, int End) tapColumns)
    {
        DepthwiseOperands result = this;
        result.Source += (row * SourceRowStep) + (column * SourceColumnStep)
            + (tapRows.First * TapRowStep) + (tapColumns.First * TapColumnStep);
        result.TapRows = tapRows.End - tapRows.First;
        result.TapColumns = tapColumns.End - tapColumns.First;
        result.Weights += (tapRows.First * WeightRowStep) + (tapColumns.First * WeightColumnStep);
        result.Target += (row * TargetRowStep) + (column * TargetColumnStep);
        return result;
    }
}
