namespace Sepal.Kernels.Depthwise;

/// <summary>
/// How one vector of channels of a depthwise correlation lies in memory:
/// <code>target[y][x] = bias + Σ over r, c: source[y][x][r][c] · weights[r][c]</code>
/// where every bracket is a step in floats. Taps are added in this order by every kernel. The pointers and the number of
/// taps are arguments of the kernels: they change with every few pixels, and copying a struct as large as this one
/// to change a field of it costs as much as computing those pixels.
/// </summary>
internal unsafe struct DepthwiseOperands
{
    /// <summary>Floats of the source from one row of pixels to the next.</summary>
    public nint SourceRowStep;

    /// <summary>Floats of the source from one pixel of a row to the next.</summary>
    public nint SourceColumnStep;

    /// <summary>Floats of the source from one row of taps to the next.</summary>
    public nint TapRowStep;

    /// <summary>Floats of the source from one tap of a row to the next.</summary>
    public nint TapColumnStep;

    /// <summary>Floats of the weights from one row of taps to the next; negative where they are read backwards.</summary>
    public nint WeightRowStep;

    /// <summary>Floats of the weights from one tap of a row to the next.</summary>
    public nint WeightColumnStep;

    public nint TargetRowStep;

    public nint TargetColumnStep;

    /// <summary>May be null.</summary>
    public float* Bias;

    /// <summary>The least value of an output; negative infinity for none.</summary>
    public float Low = float.NegativeInfinity;

    /// <summary>The greatest value of an output; infinity for none.</summary>
    public float High = float.PositiveInfinity;

    public DepthwiseOperands()
    {
    }
}
