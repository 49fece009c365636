using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Layers;

/// <summary>
/// Standard two-dimensional convolution, <c>(batch, height, width, channels)</c> to <c>(batch, height, width, filters)</c>.
/// With <see cref="Groups"/> it is grouped convolution.
/// </summary>
/// <remarks>PyTorch's <c>nn.Conv2d</c>: filters are its <c>out_channels</c>.</remarks>
/// <param name="filters">Output channels.</param>
/// <param name="kernelSize">Taps down and across.</param>
public sealed class Conv2D(int filters, Size2D kernelSize) : Layer
{
    /// <summary>Output channels.</summary>
    public int Filters { get; init; } = filters;

    /// <summary>Taps down and across.</summary>
    public Size2D KernelSize { get; init; } = kernelSize;

    /// <summary>Steps down and across.</summary>
    public Size2D Strides { get; init; } = 1;

    /// <summary>How far the kernel reaches past the edge.</summary>
    public Padding2D Padding { get; init; } = Padding2D.Valid;

    /// <summary>Distance between taps. May be combined with strides.</summary>
    public Size2D DilationRate { get; init; } = 1;

    /// <summary>Groups of channels that do not mix.</summary>
    public int Groups { get; init; } = 1;

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
        int channels = context.Channels(input, rank: 4);
        ConvolutionOptions.Require(context, Filters, KernelSize, Strides, DilationRate);
        if (Groups < 1 || channels % Groups != 0 || Filters % Groups != 0)
        {
            throw context.Error(
                $"{Groups} groups do not divide both {channels} input channels and {Filters} filters",
                "Choose a number of groups that divides both.");
        }

        int groupChannels = channels / Groups;
        Parameter kernel = context.Parameter(
            "kernel",
            [KernelSize.Height, KernelSize.Width, groupChannels, Filters],
            KernelInitializer,
            new Fans(KernelSize.Area * groupChannels, KernelSize.Area * Filters),
            l2: KernelL2);
        var convolution = new Convolution(Filters, KernelSize)
        {
            Strides = Strides,
            Padding = Padding,
            DilationRate = DilationRate,
            Groups = Groups,
        };
        Value result = UseBias
            ? context.Add(convolution, [input, kernel, context.Parameter("bias", [Filters], BiasInitializer)])
            : context.Add(convolution, [input, kernel]);
        return context.Activate(Activation, result);
    }
}
