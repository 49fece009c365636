using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Layers;

namespace Sepal.Costs;

/// <summary>
/// A convolution as a standard one and as a separable one, the latter also step by step. The numbers come from the
/// layers themselves (<see cref="Conv2D"/>, <see cref="SeparableConv2D"/>), lowered and counted.
/// </summary>
public sealed record SeparableComparison
{
    private SeparableComparison(ConvolutionSetting setting, ModelCost standard, ModelCost separable)
    {
        Setting = setting;
        Standard = FormOf("standard", standard, standard.Nodes[0]);
        Depthwise = FormOf("depthwise", separable.Nodes[0], separable.Nodes[0]);
        Pointwise = FormOf("pointwise", separable.Nodes[1], separable.Nodes[1]);
        Separable = FormOf("separable", separable, separable.Nodes[1]);
    }

    /// <summary>What was compared.</summary>
    public ConvolutionSetting Setting { get; }

    /// <summary>The standard convolution.</summary>
    public ConvolutionForm Standard { get; }

    /// <summary>The separable form's first step: one kernel a channel.</summary>
    public ConvolutionForm Depthwise { get; }

    /// <summary>The separable form's second step: 1×1 across channels. The bias, if there is one, is here.</summary>
    public ConvolutionForm Pointwise { get; }

    /// <summary>Both steps together.</summary>
    public ConvolutionForm Separable { get; }

    /// <summary>Standard, depthwise, pointwise, separable.</summary>
    public ImmutableArray<ConvolutionForm> Forms => [Standard, Depthwise, Pointwise, Separable];

    /// <summary>Parameters of the separable form over those of the standard one, biases included.</summary>
    public double ParameterRatio => (double)Separable.Parameters / Standard.Parameters;

    /// <summary>MACs of the separable form over those of the standard one.</summary>
    public double MacRatio => (double)Separable.MultiplyAccumulates / Standard.MultiplyAccumulates;

    /// <summary>
    /// What both ratios are by calculation, biases apart: <c>m/N + m/(kₕ·k_w)</c> for N filters, a kernel of kₕ×k_w and
    /// the depth multiplier m; with m = 1 and a square kernel, <c>1/N + 1/k²</c>.
    /// </summary>
    /// <remarks>
    /// At each output position of M input channels a standard convolution takes <c>kₕ·k_w·M·N</c> MACs, the depthwise
    /// step <c>kₕ·k_w·M·m</c> and the pointwise step <c>M·m·N</c>. Divide the sum of the last two by the first.
    /// </remarks>
    public double ClosedForm =>
        ((double)Setting.DepthMultiplier / Setting.Filters) + ((double)Setting.DepthMultiplier / Setting.KernelSize.Area);

    /// <summary>Compares the two forms of a convolution.</summary>
    /// <param name="setting">The convolution.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="GraphException">The options do not fit each other, for example a kernel larger than the padded input.</exception>
    /// <exception cref="SepalException">The input has not three known dimensions, or a count does not fit its type.</exception>
    public static SeparableComparison Of(ConvolutionSetting setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        if (setting.Input is not { Rank: 3, IsKnown: true })
        {
            throw new SepalException($"The input is {setting.Input}. Expected three numbers: height, width, channels.");
        }

        if ((long)setting.KernelSize.Height * setting.KernelSize.Width > int.MaxValue)
        {
            throw new SepalException($"The kernel {setting.KernelSize} has more taps than fit 32 bits. Use a smaller kernel.");
        }

        try
        {
            return new SeparableComparison(setting, CostOf(StandardLayer(setting), setting), CostOf(SeparableLayer(setting), setting));
        }
        catch (OverflowException exception)
        {
            throw new SepalException(
                $"The depthwise step would have {setting.Input[2]} × {setting.DepthMultiplier} channels, more than fit 32 bits. "
                + "Use fewer channels or a smaller depth multiplier.",
                exception);
        }
    }

    private static Conv2D StandardLayer(ConvolutionSetting setting) => new(setting.Filters, setting.KernelSize)
    {
        Name = "standard",
        Strides = setting.Strides,
        Padding = setting.Padding,
        DilationRate = setting.DilationRate,
        UseBias = setting.UseBias,
    };

    private static SeparableConv2D SeparableLayer(ConvolutionSetting setting) => new(setting.Filters, setting.KernelSize)
    {
        Name = "separable",
        Strides = setting.Strides,
        Padding = setting.Padding,
        DilationRate = setting.DilationRate,
        DepthMultiplier = setting.DepthMultiplier,
        UseBias = setting.UseBias,
    };

    private static ModelCost CostOf(Layer layer, ConvolutionSetting setting)
    {
        // The graph alone: a model would allocate the parameters, which may be any number here.
        LayerOutput input = new Input([.. setting.Input]);
        return ModelCost.Of(ModelLowering.Lower([input], [layer.Apply(input)]));
    }

    private static ConvolutionForm FormOf(string name, CostCounts counts, NodeCost last) =>
        new(name, counts.TotalParameters, counts.MultiplyAccumulates, last.OutputShape.WithoutBatch());
}
