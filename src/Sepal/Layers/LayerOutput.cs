using System.Collections.Immutable;

namespace Sepal.Layers;

/// <summary>A layer applied to inputs, in the functional form; Keras's symbolic tensor.</summary>
public sealed class LayerOutput
{
    internal LayerOutput(Layer layer, ImmutableArray<LayerOutput> inputs)
    {
        Layer = layer;
        Inputs = inputs;
    }

    /// <summary>The layer.</summary>
    public Layer Layer { get; }

    /// <summary>What it is applied to; nothing for an <see cref="Layers.Input"/>.</summary>
    public ImmutableArray<LayerOutput> Inputs { get; }
}
