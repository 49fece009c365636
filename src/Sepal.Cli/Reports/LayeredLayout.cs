using System.Collections.Immutable;

namespace Sepal.Cli.Reports;

/// <summary>
/// Where the boxes of a graph stand: in layers from top to bottom, every edge downwards (Sugiyama, Tagawa and Toda, 1981). An
/// edge over several layers has a place in each of them, so that it passes beside the boxes.
/// </summary>
internal sealed class LayeredLayout
{
    private const int Sweeps = 8;

    private readonly List<List<int>> _layers = [];
    private readonly List<List<int>> _sources = [];
    private readonly List<int> _layerOf = [];
    private readonly List<double> _widths = [];
    private readonly double[] _positions;

    /// <summary>Lays out a graph.</summary>
    /// <param name="sources">For each box the boxes that it reads from, all of them earlier.</param>
    /// <param name="boxWidth">A box's width, with the space beside it.</param>
    /// <param name="lineWidth">A passing edge's width, with the space beside it.</param>
    public LayeredLayout(ImmutableArray<ImmutableArray<int>> sources, double boxWidth, double lineWidth)
    {
        for (int box = 0; box < sources.Length; box++)
        {
            Add(sources[box].IsEmpty ? 0 : sources[box].Max(source => _layerOf[source]) + 1, boxWidth);
        }

        var paths = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        for (int box = 0; box < sources.Length; box++)
        {
            foreach (int source in sources[box])
            {
                paths.Add(Route(source, box, lineWidth));
            }
        }

        Paths = paths.ToImmutable();
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            Order(sweep % 2 == 0);
        }

        Width = _layers.Max(layer => layer.Sum(place => _widths[place]));
        _positions = new double[_layerOf.Count];
        foreach (List<int> layer in _layers)
        {
            double left = (Width - layer.Sum(place => _widths[place])) / 2;
            foreach (int place in layer)
            {
                _positions[place] = left + (_widths[place] / 2);
                left += _widths[place];
            }
        }
    }

    /// <summary>The edges: each the places that it goes through, the first and last of them boxes.</summary>
    public ImmutableArray<ImmutableArray<int>> Paths { get; }

    /// <summary>The widest layer.</summary>
    public double Width { get; }

    /// <summary>How many layers there are.</summary>
    public int Layers => _layers.Count;

    /// <summary>The layer of a place, from the top.</summary>
    /// <param name="place">A box, or a place of an edge.</param>
    /// <returns>From 0.</returns>
    public int LayerOf(int place) => _layerOf[place];

    /// <summary>The middle of a place.</summary>
    /// <param name="place">A box, or a place of an edge.</param>
    /// <returns>The distance from the left.</returns>
    public double CenterOf(int place) => _positions[place];

    private int Add(int layer, double width)
    {
        while (_layers.Count <= layer)
        {
            _layers.Add([]);
        }

        _layers[layer].Add(_layerOf.Count);
        _layerOf.Add(layer);
        _widths.Add(width);
        _sources.Add([]);
        return _layerOf.Count - 1;
    }

    private ImmutableArray<int> Route(int source, int box, double lineWidth)
    {
        var path = ImmutableArray.CreateBuilder<int>();
        path.Add(source);
        for (int layer = _layerOf[source] + 1; layer < _layerOf[box]; layer++)
        {
            int place = Add(layer, lineWidth);
            _sources[place].Add(path[^1]);
            path.Add(place);
        }

        _sources[box].Add(path[^1]);
        path.Add(box);
        return path.ToImmutable();
    }

    /// <summary>Sorts each layer by the mean position of what its places are joined to in the layer before, or after.</summary>
    private void Order(bool downwards)
    {
        var neighbours = new List<int>[_layerOf.Count];
        for (int place = 0; place < neighbours.Length; place++)
        {
            neighbours[place] = downwards ? _sources[place] : neighbours[place] ?? [];
            if (!downwards)
            {
                foreach (int source in _sources[place])
                {
                    (neighbours[source] ??= []).Add(place);
                }
            }
        }

        var order = new double[_layerOf.Count];
        foreach (List<int> layer in downwards ? _layers : Enumerable.Reverse(_layers))
        {
            int[] before = [.. layer];
            int[] sorted = [.. before.OrderBy(place => neighbours[place] is { Count: > 0 } joined
                ? joined.Average(other => order[other])
                : (Array.IndexOf(before, place) + 0.5) / before.Length)];
            layer.Clear();
            layer.AddRange(sorted);
            for (int index = 0; index < sorted.Length; index++)
            {
                order[sorted[index]] = (index + 0.5) / sorted.Length;
            }
        }
    }
}
