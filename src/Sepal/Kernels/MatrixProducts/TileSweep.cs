using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.MatrixProducts;

/// <summary>Covers all rows of one panel of a matrix product with tiles.</summary>
internal static unsafe class TileSweep<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>The most rows of any tile.</summary>
    private const int MostRows = 12;

    /// <summary>The most floats of any tile: 8 × 3 or 12 × 2 vectors of 16.</summary>
    private const int LargestTile = 384;

    /// <summary>The most pieces into which a run is cut.</summary>
    private const int MostPieces = 64;

    /// <summary>The most floats of a panel: four 512-bit vectors.</summary>
    private const int WidestPanel = 64;

    public static void Run(in TileOperands operands, int vectors, int rows)
    {
        switch (vectors)
        {
            case 4:
                Cover<Tile5x4<TSimd, TVector>>(operands, vectors, rows);
                break;
            case 3:
                Cover<Tile8x3<TSimd, TVector>>(operands, vectors, rows);
                break;
            case 2 when SimdLevel.HasThirtyTwoRegisters && rows == 9:
                Cover<Tile9x2<TSimd, TVector>>(operands, vectors, rows);
                break;
            case 2 when SimdLevel.HasThirtyTwoRegisters:
                Cover<Tile12x2<TSimd, TVector>>(operands, vectors, rows);
                break;
            case 2:
                Cover<Tile6x2<TSimd, TVector>>(operands, vectors, rows);
                break;
            default:
                Cover<Tile12x1<TSimd, TVector>>(operands, vectors, rows);
                break;
        }
    }

    // What is on the stack is written before it is read; clearing it first took as long as a short tile.
    [SkipLocalsInit]
    private static void Cover<TTile>(in TileOperands product, int vectors, int rows)
        where TTile : ITile
    {
        TileOperands operands = product;
        float* whole = stackalloc float[LargestTile];
        nint* wholeRows = stackalloc nint[MostRows];
        if (operands.LastCount != TSimd.Width)
        {
            for (int r = 0; r < TTile.Rows; r++)
            {
                wholeRows[r] = r * vectors * TSimd.Width;
            }

            operands.Whole = whole;
            operands.WholeRows = wholeRows;
        }

        if (operands.Accumulate)
        {
            operands.Addend = operands.Output;
        }

        int row = 0;
        int tiles = rows / TTile.Rows;
        nint* pieces = stackalloc nint[MostPieces];
        UpcomingTiles upcoming = new(product, tiles);
        bool fetches = !upcoming.IsEmpty;
        if (fetches)
        {
            CutRun(ref operands, pieces);
        }

        for (int tile = 0; tile < tiles; tile++, row += TTile.Rows)
        {
            if (fetches)
            {
                operands.Fetched = upcoming.Of(tile);
            }

            TTile.Run(operands, row);
            operands.ApplyCurve(row, TTile.Rows, vectors, TSimd.Width);
        }

        operands.Fetched = default;
        int left = rows - row;

        // A single row costs about four cycles a term, a tile half a cycle for each accumulator.
        if (left * 8 <= TTile.Rows * vectors)
        {
            for (int r = row; r < rows; r++)
            {
                TTile.RunRow(operands, r);
            }
        }
        else
        {
            RunPartTile<TTile>(operands, row, left);
        }

        operands.ApplyCurve(row, left, vectors, TSimd.Width);
    }

    /// <summary>
    /// Cuts the inner dimension, where it is one run, into short ones: a tile fetches at the beginning of each, and the lines that a core can wait
    /// for at a time (16 on Emerald Rapids) are then never many more. The order of the terms stays.
    /// </summary>
    private static void CutRun(ref TileOperands operands, nint* pieces)
    {
        int length = operands.RunLength % 32 == 0 ? 32 : operands.RunLength % 24 == 0 ? 24 : operands.RunLength;
        int count = operands.RunLength / length;
        if (operands.RunCount != 1 || count > MostPieces)
        {
            return;
        }

        for (int piece = 0; piece < count; piece++)
        {
            pieces[piece] = operands.Runs[0] + (piece * length * operands.LeftStep);
        }

        operands.Runs = pieces;
        operands.RunCount = count;
        operands.RunLength = length;
    }

    /// <summary>
    /// Runs a whole tile for the last few rows: the missing ones repeat the last row. They are written once more to its output
    /// where that changes nothing, and to a row that nobody reads where the product is accumulated.
    /// </summary>
    [SkipLocalsInit]
    private static void RunPartTile<TTile>(in TileOperands operands, int row, int count)
        where TTile : ITile
    {
        float* unread = stackalloc float[WidestPanel];
        nint* leftRows = stackalloc nint[MostRows];
        nint* outputRows = stackalloc nint[MostRows];
        for (int r = 0; r < TTile.Rows; r++)
        {
            leftRows[r] = operands.LeftRows[row + Math.Min(r, count - 1)];
            outputRows[r] = r < count || !operands.Accumulate
                ? operands.OutputRows[row + Math.Min(r, count - 1)]
                : (nint)(unread - operands.Output);
        }

        TileOperands tile = operands;
        tile.LeftRows = leftRows;
        tile.OutputRows = outputRows;
        TTile.Run(tile, 0);
    }
}
