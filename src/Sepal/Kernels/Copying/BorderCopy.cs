using System.Runtime.InteropServices;

namespace Sepal.Kernels.Copying;

/// <summary>A plane of rows inside a larger one: zeros around it, or the larger one cropped to it.</summary>
/// <param name="InnerRows">Rows of the inner plane.</param>
/// <param name="InnerLength">Floats of one of its rows.</param>
/// <param name="OuterRows">Rows of the outer plane.</param>
/// <param name="OuterLength">Floats of one of its rows.</param>
/// <param name="Top">Rows of the outer plane above the inner one.</param>
/// <param name="Left">Floats of an outer row before the inner one.</param>
internal readonly record struct BorderCopy(
    long InnerRows, long InnerLength, long OuterRows, long OuterLength, long Top, long Left)
{
    /// <summary>Writes rows of the outer planes, counted over all planes.</summary>
    public unsafe void Pad(float* inner, float* outer, long from, long to)
    {
        for (long row = from; row < to; row++)
        {
            (long plane, long outerRow) = Math.DivRem(row, OuterRows);
            float* destination = outer + (row * OuterLength);
            long innerRow = outerRow - Top;
            if (innerRow < 0 || innerRow >= InnerRows)
            {
                Clear(destination, OuterLength);
                continue;
            }

            Clear(destination, Left);
            RowCopy.Run(inner + (((plane * InnerRows) + innerRow) * InnerLength), 0, destination + Left, 0, InnerLength, 1);
            Clear(destination + Left + InnerLength, OuterLength - Left - InnerLength);
        }
    }

    /// <summary>Writes rows of the inner planes, counted over all planes.</summary>
    public unsafe void Crop(float* outer, float* inner, long from, long to)
    {
        for (long row = from; row < to; row++)
        {
            (long plane, long innerRow) = Math.DivRem(row, InnerRows);
            float* source = outer + (((plane * OuterRows) + Top + innerRow) * OuterLength) + Left;
            RowCopy.Run(source, 0, inner + (row * InnerLength), 0, InnerLength, 1);
        }
    }

    private static unsafe void Clear(float* destination, long length) =>
        NativeMemory.Clear(destination, (nuint)length * sizeof(float));
}
