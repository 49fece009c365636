namespace Sepal.Operators;

/// <summary>Marks the operators that a layer can take as its activation; <see cref="Layers.Activations"/> lists them.</summary>
public interface IActivation
{
    /// <summary>The operator's name.</summary>
    string Name { get; }
}
