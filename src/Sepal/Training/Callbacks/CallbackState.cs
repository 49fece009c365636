namespace Sepal.Training.Callbacks;

/// <summary>What a callback remembers, as a checkpoint keeps it: named numbers, and named arrays of float32 numbers.</summary>
public sealed class CallbackState
{
    private readonly OrderedDictionary<string, double> _numbers = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, float[]> _arrays = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, double> Numbers => _numbers;

    internal IReadOnlyDictionary<string, float[]> Arrays => _arrays;

    /// <summary>Remembers a number; it comes back bit for bit.</summary>
    /// <param name="name">Its name, one's own.</param>
    /// <param name="value">The number.</param>
    public void Set(string name, double value) => _numbers[name] = value;

    /// <summary>Remembers an array. It is not copied: leave it as it is until the checkpoint is written.</summary>
    /// <param name="name">Its name, one's own.</param>
    /// <param name="values">The numbers.</param>
    public void Set(string name, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _arrays[name] = values;
    }

    /// <summary>A number that was remembered.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The number; null where there is none.</returns>
    public double? Number(string name) => _numbers.TryGetValue(name, out double value) ? value : null;

    /// <summary>An array that was remembered.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The array; null where there is none.</returns>
    public float[]? Array(string name) => _arrays.GetValueOrDefault(name);
}
