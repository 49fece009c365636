using System.Collections.Immutable;

namespace Sepal.Execution;

/// <summary>Rows divided into shards of any lengths, one after the other; a function of the shapes, whatever makes them.</summary>
internal sealed class RowShards
{
    private readonly ImmutableArray<long> _starts;

    /// <param name="starts">The first row of every shard, and after the last the number of all rows.</param>
    public RowShards(ImmutableArray<long> starts)
    {
        _starts = starts;
    }

    /// <param name="partition">Parts to take as shards.</param>
    public RowShards(Partition partition)
        : this([.. Enumerable.Range(0, partition.Parts).Select(part => partition.Range(part).From), partition.Items])
    {
    }

    /// <summary>How many shards there are.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>Rows of all shards.</summary>
    public long Rows => _starts[^1];

    /// <summary>The first row of every shard, and after the last the number of all rows.</summary>
    public ReadOnlySpan<long> Starts => _starts.AsSpan();

    /// <summary>The rows of a shard, from the first to just before the last.</summary>
    public (long From, long To) Range(int shard) => (_starts[shard], _starts[shard + 1]);
}
