using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Layers;

/// <summary>A fully connected layer, <c>(batch, …, channels)</c> to <c>(batch, …, units)</c>.</summary>
/// <remarks>PyTorch's <c>nn.Linear</c>.</remarks>
/// <param name="units">Output channels.</param>
public sealed class Dense(int units) : Layer
{
    /// <summary>Output channels.</summary>
    public int Units { get; init; } = units;

    /// <summary>Applied to the result, if given.</summary>
    public IActivation? Activation { get; init; }

    /// <summary>Whether a bias is added.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>The kernel before training.</summary>
    public Initializer KernelInitializer { get; init; } = VarianceScaling.GlorotUniform;

    /// <summary>The bias before training.</summary>
    public Initializer BiasInitializer { get; init; } = Constant.Zeros;

    /// <summary>λ of a penalty λ·Σw² on the kernel; 0 for none.</summary>
    public float KernelL2 { get; init; }

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        Value input = context.Single(inputs);
        int channels = context.Channels(input);
        if (Units < 1)
        {
            throw context.Error($"it has {Units} units", "Give at least 1.");
        }

        Parameter kernel = context.Parameter(
            "kernel", [channels, Units], KernelInitializer, new Fans(channels, Units), l2: KernelL2);
        var dense = new Operators.Dense(Units);
        Value result = UseBias
            ? context.Add(dense, [input, kernel, context.Parameter("bias", [Units], BiasInitializer)])
            : context.Add(dense, [input, kernel]);
        return context.Activate(Activation, result);
    }
}
