namespace Sepal.Kernels.MatrixProducts;

/// <summary>What each tile of a panel fetches: the places take turns.</summary>
internal readonly struct UpcomingTiles
{
    private readonly UpcomingRows _first;
    private readonly UpcomingRows _second;
    private readonly UpcomingRows _third;
    private readonly int _places;
    private readonly int _tiles;

    /// <param name="product">The panel.</param>
    /// <param name="tiles">How many tiles it has.</param>
    public UpcomingTiles(in TileOperands product, int tiles)
    {
        _first = product.NextLeft;
        _second = product.NextOther;
        _third = product.NextCompanion;
        _places = _third.IsEmpty ? _second.IsEmpty ? 1 : 2 : 3;
        _tiles = tiles;
    }

    public bool IsEmpty => _first.IsEmpty;

    /// <summary>What a tile fetches, where there is anything.</summary>
    public UpcomingRows Of(int tile)
    {
        (int turn, int place) = Math.DivRem(tile, _places);
        UpcomingRows rows = place == 0 ? _first : place == 1 ? _second : _third;
        return rows.Share(turn, (_tiles - place + _places - 1) / _places);
    }
}
