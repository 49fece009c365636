using System.Collections.Immutable;
using System.CommandLine;
using Sepal.Cli.Framework;
using Sepal.Cli.Tables;
using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Cli.Verbs;

/// <summary>The options of <c>sepal cost</c> about one convolution, and its count.</summary>
internal sealed class ConvolutionOptions
{
    private readonly Option<int> _filters = OptionParsers.WholeNumber("--filters", "Output channels.", 1, int.MaxValue);
    private readonly Option<Size2D> _kernel = SizeParsers.Size("--kernel", "The kernel's height and width.");
    private readonly Option<Size2D> _strides = OrOne(SizeParsers.Size("--strides", "Steps down and across."));
    private readonly Option<Padding2D> _padding = SizeParsers.Padding("--padding", "How far the kernel reaches past the edge.");
    private readonly Option<Size2D> _dilation = OrOne(SizeParsers.Size("--dilation", "Distance between the kernel's taps."));
    private readonly Option<int> _depthMultiplier = OptionParsers.WholeNumber(
        "--depth-multiplier", "Intermediate channels an input channel, in the separable form.", 1, int.MaxValue);

    private readonly Option<bool> _bias = new("--bias") { Description = "Add a bias, one in either form." };

    /// <summary>Makes the options.</summary>
    public ConvolutionOptions()
    {
        _padding.DefaultValueFactory = _ => Padding2D.Valid;
        _depthMultiplier.DefaultValueFactory = _ => 1;
    }

    /// <summary>All of them.</summary>
    public ImmutableArray<Option> All => [_filters, _kernel, _strides, _padding, _dilation, _depthMultiplier, _bias];

    /// <summary>Those that a convolution cannot be without.</summary>
    public ImmutableArray<Option> Needed => [_filters, _kernel];

    /// <summary>Counts the convolution in both forms.</summary>
    /// <param name="arguments">The parsed options; those needed are given.</param>
    /// <param name="input">The image's height, width and channels.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">The options do not fit each other.</exception>
    public Report Count(ParseResult arguments, int[] input)
    {
        var setting = new ConvolutionSetting(
            new Shape([.. input.Select(extent => (Dimension)extent)]),
            arguments.GetValue(_filters),
            arguments.GetValue(_kernel))
        {
            Strides = arguments.GetValue(_strides),
            Padding = arguments.GetValue(_padding),
            DilationRate = arguments.GetValue(_dilation),
            DepthMultiplier = arguments.GetValue(_depthMultiplier),
            UseBias = arguments.GetValue(_bias),
        };
        RequireFit(setting, arguments.GetResult(_kernel)!.Tokens[0].Value);
        return CostReport.Of(Compare(setting));
    }

    private static Option<Size2D> OrOne(Option<Size2D> option)
    {
        option.DefaultValueFactory = _ => 1;
        return option;
    }

    private static void RequireFit(ConvolutionSetting setting, string kernel)
    {
        if (setting.Padding.Mode == PaddingMode.Same)
        {
            return;
        }

        var window = new Window2D(setting.KernelSize, setting.Strides, setting.DilationRate, setting.Padding);
        long height = setting.Input[0].Value + setting.Padding.Top + setting.Padding.Bottom;
        long width = setting.Input[1].Value + setting.Padding.Left + setting.Padding.Right;
        if (window.Extent.Height > height || window.Extent.Width > width)
        {
            string dilated = setting.DilationRate == 1 ? string.Empty : $" (at dilation {setting.DilationRate} it covers {window.Extent.Height}×{window.Extent.Width})";
            throw UsageException.ForOption(
                "--kernel",
                kernel,
                $"a kernel no larger than the padded input, {height}×{width}{dilated}; or padding 'same'");
        }
    }

    private static SeparableComparison Compare(ConvolutionSetting setting)
    {
        try
        {
            return SeparableComparison.Of(setting);
        }
        catch (SepalException exception)
        {
            // Every option passed its own check and they fit together, so only their product can be too large.
            throw new UsageException(
                $"--input, --filters, --kernel, --depth-multiplier: received {string.Join('x', setting.Input)}, {setting.Filters}, "
                + $"{setting.KernelSize}, {setting.DepthMultiplier}; expected numbers whose counts fit 64 bits. {exception.Message}");
        }
    }
}
