using Sepal.Kernels.Simd;

namespace Sepal.Kernels.MatrixProducts;

/// <summary>
/// The numbers of a matrix product whose operands lie at any distances, so that either may be read as its transpose.
/// </summary>
/// <param name="Rows">Rows of the left matrix and of the product.</param>
/// <param name="Terms">Columns of the left matrix, rows of the right one.</param>
/// <param name="Columns">Columns of the right matrix and of the product.</param>
internal readonly record struct ProductShape(int Rows, int Terms, int Columns)
{
    /// <summary>Floats from one row of the left matrix to the next.</summary>
    public nint LeftRowStride { get; init; } = Terms;

    /// <summary>Floats from one term of a left row to the next.</summary>
    public nint LeftStep { get; init; } = 1;

    /// <summary>Floats from one row of the right matrix to the next.</summary>
    public nint RightRowStride { get; init; } = Columns;

    /// <summary>Floats from one column of the right matrix to the next.</summary>
    public nint RightColumnStride { get; init; } = 1;
}

/// <summary>A matrix product by register tiles: the right matrix is packed first, the left one is read where it lies.</summary>
internal abstract unsafe class PlainProduct
{
    /// <summary>Rows of the left matrix between two passes over the packed one: a multiple of every tile's rows.</summary>
    protected const int RowsOfPass = 240;

    /// <summary>Floats of a packed right matrix.</summary>
    public abstract long PackedLength { get; }

    public static PlainProduct Create(in ProductShape shape) => SimdLevel.Create<Factory, PlainProduct>(new Factory(shape));

    public abstract void Pack(float* right, float* packed);

    /// <summary>Computes some rows of the product.</summary>
    public abstract void Run(float* left, float* packed, float* output, long from, long to);

    private readonly struct Factory(ProductShape shape) : ISimdFactory<PlainProduct>
    {
        public PlainProduct Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new PlainProduct<TSimd, TVector>(shape);
    }
}

/// <inheritdoc/>
internal sealed unsafe class PlainProduct<TSimd, TVector> : PlainProduct
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private readonly ProductShape _shape;
    private readonly PanelLayout _panels;

    // Pinned, so that the tiles may keep addresses into them.
    private readonly nint[] _leftRows;
    private readonly nint[] _outputRows;

    public PlainProduct(in ProductShape shape)
    {
        _shape = shape;
        _panels = new PanelLayout(shape.Columns);
        int rows = Math.Min(shape.Rows, RowsOfPass);
        _leftRows = GC.AllocateUninitializedArray<nint>(rows, pinned: true);
        _outputRows = GC.AllocateUninitializedArray<nint>(rows, pinned: true);
        for (int row = 0; row < rows; row++)
        {
            _leftRows[row] = row * shape.LeftRowStride;
            _outputRows[row] = (nint)row * shape.Columns;
        }
    }

    public override long PackedLength => _panels.PackedLength(_shape.Terms);

    public override void Pack(float* right, float* packed)
    {
        for (int panel = 0; panel < _panels.Count; panel++)
        {
            float* row = right + (_panels.FirstColumn(panel) * _shape.RightColumnStride);
            int columns = _panels.PanelColumns(panel);
            int width = _panels.PanelWidth(panel);
            for (int term = 0; term < _shape.Terms; term++, row += _shape.RightRowStride, packed += width)
            {
                for (int column = 0; column < columns; column++)
                {
                    packed[column] = row[column * _shape.RightColumnStride];
                }

                new Span<float>(packed + columns, width - columns).Clear();
            }
        }
    }

    public override void Run(float* left, float* packed, float* output, long from, long to)
    {
        nint start = 0;
        fixed (nint* leftRows = _leftRows, outputRows = _outputRows)
        {
            TileOperands operands = new()
            {
                LeftRows = leftRows,
                Runs = &start,
                RunCount = 1,
                RunLength = _shape.Terms,
                LeftStep = _shape.LeftStep,
                OutputRows = outputRows,
            };
            for (long row = from; row < to; row += RowsOfPass)
            {
                operands.Left = left + (row * _shape.LeftRowStride);
                for (int panel = 0; panel < _panels.Count; panel++)
                {
                    operands.Right = packed + _panels.PanelStart(panel, _shape.Terms);
                    operands.RightStep = _panels.PanelWidth(panel);
                    operands.Output = output + (row * _shape.Columns) + _panels.FirstColumn(panel);
                    operands.LastCount = _panels.LastCount(panel);
                    TileSweep<TSimd, TVector>.Run(operands, _panels.Vectors(panel), (int)Math.Min(RowsOfPass, to - row));
                }
            }
        }
    }
}
