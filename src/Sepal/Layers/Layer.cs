using System.Collections.Immutable;
using System.Text;
using Sepal.Graphs;

namespace Sepal.Layers;

/// <summary>
/// The description of a layer: immutable, and without numbers. It is lowered to operators when a model is built. Applying
/// one layer object in two places shares its parameters, as in Keras.
/// </summary>
public abstract class Layer
{
    /// <summary>The name, unique in the model; made from the class name (<c>conv2d</c>, <c>conv2d_1</c>) where it is not given.</summary>
    public string? Name { get; init; }

    /// <summary>Whether training changes the layer's parameters.</summary>
    public bool Trainable { get; init; } = true;

    /// <summary>The name that a layer without one gets: the class name in snake case, as Keras has it.</summary>
    internal string DefaultName
    {
        get
        {
            string type = GetType().Name;
            var name = new StringBuilder();
            for (int index = 0; index < type.Length; index++)
            {
                // An underscore where a word begins: after a lower-case letter, or before the last capital of a run.
                bool begins = index > 0 && char.IsUpper(type[index]) && char.IsLower(type[index - 1]);
                name.Append(begins ? "_" : string.Empty).Append(char.ToLowerInvariant(type[index]));
            }

            return name.ToString();
        }
    }

    /// <summary>How many outputs the layer has; only a few have more than one.</summary>
    public virtual int OutputCount => 1;

    /// <summary>Applies the layer in the functional form.</summary>
    /// <param name="inputs">What other layers gave.</param>
    /// <returns>What this layer gives, its first output if it has several, for further layers and for <see cref="Model(LayerOutput, LayerOutput)"/>.</returns>
    /// <exception cref="ArgumentNullException">An input is null.</exception>
    public LayerOutput Apply(params ImmutableArray<LayerOutput> inputs)
    {
        inputs = inputs.IsDefault ? [] : inputs;
        foreach (LayerOutput input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
        }

        return new(this, inputs);
    }

    /// <summary>Applies a layer that has several outputs in the functional form.</summary>
    /// <param name="inputs">What other layers gave.</param>
    /// <returns>All <see cref="OutputCount"/> outputs, in order.</returns>
    /// <exception cref="ArgumentNullException">An input is null.</exception>
    public ImmutableArray<LayerOutput> ApplyAll(params ImmutableArray<LayerOutput> inputs)
    {
        LayerOutput first = Apply(inputs);
        return [first, .. Enumerable.Range(1, OutputCount - 1).Select(index => new LayerOutput(first, index))];
    }

    /// <summary>Adds the layer's parameters and operators to a graph.</summary>
    /// <param name="context">The graph being built, and the layer's name in it.</param>
    /// <param name="inputs">What the layer reads.</param>
    /// <returns>What the layer gives.</returns>
    /// <exception cref="GraphException">The inputs or the layer's options do not fit.</exception>
    protected internal abstract Value Lower(LayerContext context, ImmutableArray<Value> inputs);

    /// <summary>Adds the layer's parameters and operators to a graph; what a layer with several outputs overrides.</summary>
    /// <param name="context">The graph being built, and the layer's name in it.</param>
    /// <param name="inputs">What the layer reads.</param>
    /// <returns>All <see cref="OutputCount"/> outputs, in order.</returns>
    /// <exception cref="GraphException">The inputs or the layer's options do not fit.</exception>
    protected internal virtual ImmutableArray<Value> LowerAll(LayerContext context, ImmutableArray<Value> inputs) => [Lower(context, inputs)];
}
