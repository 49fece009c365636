using Sepal.Graphs;

namespace Sepal.Layers;

/// <summary>Gives each layer its name in a model: its own, or its class name, numbered from the second on.</summary>
internal sealed class LayerNames
{
    private readonly Dictionary<Layer, string> _names = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>A layer's name; applied again, the layer's name with a number.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="application">How many times it was applied before.</param>
    /// <returns>The name of its nodes.</returns>
    /// <exception cref="GraphException">Two layers were given the same name.</exception>
    public string For(Layer layer, int application)
    {
        if (!_names.TryGetValue(layer, out string? name))
        {
            name = layer.Name ?? NextDefault(layer.DefaultName);
            if (!_taken.Add(name))
            {
                throw new GraphException($"Two layers are named '{name}'. Give one of them another Name.");
            }

            _names.Add(layer, name);
        }

        return application == 0 ? name : $"{name}/again_{application}";
    }

    private string NextDefault(string name)
    {
        while (true)
        {
            int count = _counts.GetValueOrDefault(name);
            _counts[name] = count + 1;
            string candidate = count == 0 ? name : $"{name}_{count}";
            if (!_taken.Contains(candidate))
            {
                return candidate;
            }
        }
    }
}
