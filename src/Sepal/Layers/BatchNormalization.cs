using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Training.Initializers;

namespace Sepal.Layers;

/// <summary>
/// Batch normalisation over the last axis (Ioffe and Szegedy, arXiv 1502.03167); the shape stays. Scale and offset are
/// trained; the moving mean and variance are not: training's forward pass updates them.
/// </summary>
/// <remarks>
/// PyTorch's <c>nn.BatchNorm2d</c>, whose momentum is 1 minus this one, and whose epsilon is 1e-5. With
/// <see cref="Layer.Trainable"/> off, training normalises by the moving statistics and leaves them, as in Keras.
/// </remarks>
public sealed class BatchNormalization : Layer
{
    /// <summary>The share of the moving statistics that a training step keeps.</summary>
    public float Momentum { get; init; } = 0.99f;

    /// <summary>Added to the variance before the root.</summary>
    public float Epsilon { get; init; } = 1e-3f;

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        Value input = context.Single(inputs);
        int channels = context.Channels(input);
        var normalization = new Operators.BatchNormalization { Momentum = Momentum, Epsilon = Epsilon, Frozen = !Trainable };
        return context.Add(
            normalization,
            [
                input,
                context.Parameter("gamma", [channels], Constant.Ones),
                context.Parameter("beta", [channels], Constant.Zeros),
                context.Parameter("moving_mean", [channels], Constant.Zeros, trainable: false),
                context.Parameter("moving_variance", [channels], Constant.Ones, trainable: false),
            ]);
    }
}
