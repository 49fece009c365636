using System.CommandLine;
using Sepal.Cli.Framework;
using Sepal.Cli.Tables;
using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Cli.Verbs;

/// <summary><c>sepal cost</c>: what one convolution costs, and what separability would save.</summary>
internal sealed class CostVerb : Verb
{
    private readonly Option<int[]> _input = Required(SizeParsers.Image("--input", "The image: height, width and channels."));
    private readonly Option<int> _filters = Required(OptionParsers.WholeNumber("--filters", "Output channels.", 1, int.MaxValue));
    private readonly Option<Size2D> _kernel = Required(SizeParsers.Size("--kernel", "The kernel's height and width."));
    private readonly Option<Size2D> _strides = OrOne(SizeParsers.Size("--strides", "Steps down and across."));
    private readonly Option<Padding2D> _padding = SizeParsers.Padding("--padding", "How far the kernel reaches past the edge.");
    private readonly Option<Size2D> _dilation = OrOne(SizeParsers.Size("--dilation", "Distance between the kernel's taps."));
    private readonly Option<int> _depthMultiplier = OptionParsers.WholeNumber(
        "--depth-multiplier", "Intermediate channels an input channel, in the separable form.", 1, int.MaxValue);

    private readonly Option<bool> _bias = new("--bias") { Description = "Add a bias, one in either form." };
    private readonly Option<ReportFormat> _format = SharedOptions.Format();

    /// <summary>Makes the verb.</summary>
    public CostVerb()
        : base(
            "cost",
            "Parameters and multiply-adds of a convolution, standard and separable.",
            "sepal cost --input 5x5x3 --filters 4 --kernel 3",
            "sepal cost --input 112x112x32 --filters 64 --kernel 3x5 --strides 2 --padding same --bias --format json")
    {
        _padding.DefaultValueFactory = _ => Padding2D.Valid;
        _depthMultiplier.DefaultValueFactory = _ => 1;
        foreach (Option option in (Option[])[_input, _filters, _kernel, _strides, _padding, _dilation, _depthMultiplier, _bias, _format])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        int[] input = arguments.GetRequiredValue(_input);
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
        terminal.Write(CostReport.Of(Compare(setting)), arguments.GetValue(_format));
        return ExitCodes.Done;
    }

    private static Option<T> Required<T>(Option<T> option)
    {
        option.Required = true;
        return option;
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
