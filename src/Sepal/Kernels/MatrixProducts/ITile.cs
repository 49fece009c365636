namespace Sepal.Kernels.MatrixProducts;

/// <summary>
/// A register tile: so many rows by so many vectors of accumulators, held in registers over the whole inner dimension.
/// The accumulators are locals: the JIT keeps neither arrays nor large structs in registers.
/// </summary>
internal interface ITile
{
    static abstract int Rows { get; }

    /// <summary>Computes <see cref="Rows"/> rows, from a row on.</summary>
    static abstract void Run(in TileOperands operands, int row);

    /// <summary>Computes one row. Its few accumulators wait on their own latency: about four cycles a term.</summary>
    static abstract void RunRow(in TileOperands operands, int row);
}
