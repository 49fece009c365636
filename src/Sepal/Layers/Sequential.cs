using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Sepal.Graphs;

namespace Sepal.Layers;

/// <summary>
/// A model that is a plain stack of layers, written as a collection that starts with an <see cref="Input"/>:
/// <c>Sequential model = [new Input(28, 28, 1), new Conv2D(32, 3), …];</c>.
/// </summary>
[CollectionBuilder(typeof(Sequential), nameof(Create))]
public sealed class Sequential : Model, IEnumerable<Layer>
{
    /// <summary>Stacks layers.</summary>
    /// <param name="layers">An <see cref="Input"/>, then at least one other layer.</param>
    /// <exception cref="GraphException">The stack does not start with an input, or the layers do not fit.</exception>
    public Sequential(params ImmutableArray<Layer> layers)
        : base(Stack(layers))
    {
        Layers = layers;
    }

    /// <summary>The layers, the input first.</summary>
    public ImmutableArray<Layer> Layers { get; }

    /// <summary>Stacks layers; what collection expressions call.</summary>
    /// <param name="layers">An <see cref="Input"/>, then at least one other layer.</param>
    /// <returns>The model.</returns>
    public static Sequential Create(ReadOnlySpan<Layer> layers) => new([.. layers]);

    /// <inheritdoc/>
    public IEnumerator<Layer> GetEnumerator() => ((IEnumerable<Layer>)Layers).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Graph Stack(ImmutableArray<Layer> layers)
    {
        if (!layers.IsDefault)
        {
            foreach (Layer layer in layers)
            {
                ArgumentNullException.ThrowIfNull(layer, nameof(layers));
            }
        }

        if (layers.IsDefault || layers is not [Input input, _, ..])
        {
            string received = layers.IsDefaultOrEmpty ? "no layers" : string.Join(", ", layers.Take(3).Select(layer => layer.GetType().Name));
            throw new GraphException(
                $"A Sequential model needs an Input and at least one other layer, but it was given {received}. "
                + "Begin with new Input(height, width, channels).");
        }

        LayerOutput first = input;
        LayerOutput last = layers.Skip(1).Aggregate(first, (output, layer) => layer.Apply(output));
        return ModelLowering.Lower([first], [last]);
    }
}
