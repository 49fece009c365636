namespace Sepal.Shrinking;

/// <summary>
/// Channels that can only go together, as a union-find: every channel of every value is in one class, and a class may be pinned
/// with the reason why it must stay.
/// </summary>
internal sealed class ChannelClasses
{
    private readonly List<int> _parents = [];
    private readonly List<string?> _reasons = [];

    /// <summary>How many channels there are; classes are numbered by one of their channels.</summary>
    public int Count => _parents.Count;

    /// <summary>Makes channels, each in a class of its own.</summary>
    public int[] Add(int count)
    {
        int[] channels = [.. Enumerable.Range(_parents.Count, count)];
        _parents.AddRange(channels);
        _reasons.AddRange(new string?[count]);
        return channels;
    }

    /// <summary>The class of a channel.</summary>
    public int Find(int channel)
    {
        while (_parents[channel] != channel)
        {
            _parents[channel] = _parents[_parents[channel]];
            channel = _parents[channel];
        }

        return channel;
    }

    /// <summary>Lets two channels go together. The class takes the smaller number, so that the order of joins makes no difference.</summary>
    public void Join(int left, int right)
    {
        int first = Find(left);
        int second = Find(right);
        if (first != second)
        {
            (int kept, int gone) = first < second ? (first, second) : (second, first);
            _parents[gone] = kept;
            _reasons[kept] ??= _reasons[gone];
        }
    }

    /// <summary>Lets channels stay; the first reason is kept.</summary>
    public void Pin(ReadOnlySpan<int> channels, string reason)
    {
        foreach (int channel in channels)
        {
            _reasons[Find(channel)] ??= reason;
        }
    }

    /// <summary>Why a class stays; null where it may go.</summary>
    public string? Reason(int channel) => _reasons[Find(channel)];
}
