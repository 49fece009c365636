namespace Sepal.Kernels.Depthwise;

/// <summary>How the pixels of a strip follow one another in the source.</summary>
/// <param name="Rows">Rows of pixels.</param>
/// <param name="Columns">Pixels of a row.</param>
/// <param name="RowStep">Floats from one row to the next.</param>
/// <param name="ColumnStep">Floats from one pixel of a row to the next.</param>
internal readonly record struct DepthwisePixels(int Rows, int Columns, nint RowStep, nint ColumnStep);
