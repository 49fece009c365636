namespace Sepal.Kernels.Broadcasting;

/// <summary>Walks over the stretches of a layout's innermost axis, and knows where each operand's stretch begins.</summary>
internal ref struct BroadcastCursor
{
    private readonly BroadcastLayout _layout;
    private readonly Span<long> _index;
    private readonly long _to;
    private long _inner;
    private long _first;
    private long _second;
    private long _third;

    /// <summary>Stands before the stretch that holds an element.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="index">Memory for <see cref="BroadcastLayout.Rank"/> numbers.</param>
    /// <param name="from">The first element, counted in storage order.</param>
    /// <param name="to">Just after the last one.</param>
    public BroadcastCursor(BroadcastLayout layout, Span<long> index, long from, long to)
    {
        _layout = layout;
        _index = index;
        _to = to;
        Position = from;
        (long rest, _inner) = Math.DivRem(from, layout.InnerLength);
        for (int axis = layout.Rank - 2; axis >= 0; axis--)
        {
            (rest, index[axis]) = Math.DivRem(rest, layout.Extents[axis]);
            _first += index[axis] * layout.FirstStrides[axis];
            _second += index[axis] * layout.SecondStrides[axis];
            _third += index[axis] * layout.ThirdStrides[axis];
        }
    }

    /// <summary>Where the stretch begins in the larger tensor.</summary>
    public long Position { get; private set; }

    /// <summary>Where the stretch begins in the first operand.</summary>
    public readonly long First => _first + (_inner * _layout.FirstStrides[^1]);

    /// <summary>Where the stretch begins in the second operand.</summary>
    public readonly long Second => _second + (_inner * _layout.SecondStrides[^1]);

    /// <summary>Where the stretch begins in the third operand.</summary>
    public readonly long Third => _third + (_inner * _layout.ThirdStrides[^1]);

    /// <summary>The stretch's elements; 0 at the end.</summary>
    public readonly long Length => Math.Min(_layout.InnerLength - _inner, _to - Position);

    /// <summary>Goes on to the next stretch.</summary>
    public void Advance()
    {
        Position += Length;
        _inner = 0;
        for (int axis = _layout.Rank - 2; axis >= 0; axis--)
        {
            _first += _layout.FirstStrides[axis];
            _second += _layout.SecondStrides[axis];
            _third += _layout.ThirdStrides[axis];
            if (++_index[axis] < _layout.Extents[axis])
            {
                return;
            }

            _index[axis] = 0;
            _first -= _layout.FirstStrides[axis] * _layout.Extents[axis];
            _second -= _layout.SecondStrides[axis] * _layout.Extents[axis];
            _third -= _layout.ThirdStrides[axis] * _layout.Extents[axis];
        }
    }
}
