using System.Collections.Immutable;

namespace Sepal.Layers;

/// <summary>What a layer applied to inputs gives, in the functional form; Keras's symbolic tensor.</summary>
public sealed class LayerOutput
{
    internal LayerOutput(Layer layer, ImmutableArray<LayerOutput> inputs)
    {
        Layer = layer;
        Inputs = inputs;
        First = this;
    }

    /// <summary>A further output of a layer that has several.</summary>
    internal LayerOutput(LayerOutput first, int index)
    {
        Layer = first.Layer;
        Inputs = first.Inputs;
        First = first;
        Index = index;
    }

    /// <summary>The layer.</summary>
    public Layer Layer { get; }

    /// <summary>What it is applied to; nothing for an <see cref="Layers.Input"/>.</summary>
    public ImmutableArray<LayerOutput> Inputs { get; }

    /// <summary>Which of the layer's outputs this is, from 0.</summary>
    public int Index { get; }

    /// <summary>The first output of the same application of the layer, which stands for the application.</summary>
    internal LayerOutput First { get; }
}
