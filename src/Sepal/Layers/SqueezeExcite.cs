using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Layers;

/// <summary>
/// Squeeze and excitation (Hu et al., arXiv 1709.01507): each channel's mean over the image goes through two pointwise
/// convolutions, and what they give, a number for each channel, multiplies the channel. The shape stays,
/// <c>(batch, height, width, channels)</c>.
/// </summary>
/// <remarks>torchvision's <c>SqueezeExcitation</c>, whose <c>squeeze_channels</c> are the units.</remarks>
/// <param name="units">Channels between the two convolutions.</param>
public sealed class SqueezeExcite(int units) : Layer
{
    /// <summary>Channels between the two convolutions.</summary>
    public int Units { get; init; } = units;

    /// <summary>Applied between the two convolutions.</summary>
    public IActivation Activation { get; init; } = Activations.Relu;

    /// <summary>Applied to what multiplies the channels: <see cref="Activations.Sigmoid"/> or <see cref="Activations.HardSigmoid"/>.</summary>
    public IActivation Gate { get; init; } = Activations.Sigmoid;

    /// <summary>Both kernels before training.</summary>
    public Initializer KernelInitializer { get; init; } = VarianceScaling.GlorotUniform;

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        Value input = context.Single(inputs);
        int channels = context.Channels(input, rank: 4);
        if (Units < 1)
        {
            throw context.Error($"it has {Units} units", "Give at least 1.");
        }

        Value mean = context.Add(new GlobalPooling(PoolingFunction.Average) { KeepDimensions = true }, [input], "pool");
        Value squeezed = Pointwise(context, mean, "reduce", channels, Units, Activation);
        Value gate = Pointwise(context, squeezed, "expand", Units, channels, Gate);
        return context.Add(new Binary(BinaryFunction.Multiply), [input, gate]);
    }

    private Value Pointwise(LayerContext context, Value input, string part, int channels, int filters, IActivation activation)
    {
        Parameter kernel = context.Parameter($"{part}/kernel", [1, 1, channels, filters], KernelInitializer, new Fans(channels, filters));
        Parameter bias = context.Parameter($"{part}/bias", [filters], Constant.Zeros);
        Value result = context.Add(new Convolution(filters, 1), [input, kernel, bias], part);
        return activation is Operator @operator
            ? context.Add(@operator, [result], $"{part}/{@operator.Name.ToLowerInvariant()}")
            : throw context.Error($"the activation {activation?.Name} is not an operator of Sepal", "Take one of Activations.");
    }
}
