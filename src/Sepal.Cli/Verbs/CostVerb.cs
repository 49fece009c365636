using System.CommandLine;
using Sepal.Cli.Framework;
using Sepal.Cli.Models;
using Sepal.Cli.Tables;
using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Cli.Verbs;

/// <summary><c>sepal cost</c>: what a model costs, or one convolution, and what separability would save of it.</summary>
internal sealed class CostVerb : Verb
{
    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "An ONNX file or an architecture, such as mobilenet-v2. Without it, one convolution is counted.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int[]> _input = SizeParsers.Image("--input", "The image: height, width and channels; the model's own where not given.");
    private readonly Option<int?> _classes = SharedOptions.Classes();
    private readonly Option<int> _batch = OptionParsers.WholeNumber("--batch", "Images in a batch of a model.", 1, int.MaxValue);
    private readonly Option<int> _filters = OptionParsers.WholeNumber("--filters", "Output channels.", 1, int.MaxValue);
    private readonly Option<Size2D> _kernel = SizeParsers.Size("--kernel", "The kernel's height and width.");
    private readonly Option<Size2D> _strides = OrOne(SizeParsers.Size("--strides", "Steps down and across."));
    private readonly Option<Padding2D> _padding = SizeParsers.Padding("--padding", "How far the kernel reaches past the edge.");
    private readonly Option<Size2D> _dilation = OrOne(SizeParsers.Size("--dilation", "Distance between the kernel's taps."));
    private readonly Option<int> _depthMultiplier = OptionParsers.WholeNumber(
        "--depth-multiplier", "Intermediate channels an input channel, in the separable form.", 1, int.MaxValue);

    private readonly Option<bool> _bias = new("--bias") { Description = "Add a bias, one in either form." };
    private readonly CostCounting _counting = new();
    private readonly Option<ReportFormat> _format = SharedOptions.Format();

    /// <summary>Makes the verb.</summary>
    public CostVerb()
        : base(
            "cost",
            "Parameters and multiply-adds of a model by layer, or of one convolution, standard and separable.",
            "sepal cost mobilenet-v2 --input 160x160x3 --classes 10",
            "sepal cost model.onnx --format csv",
            "sepal cost --input 5x5x3 --filters 4 --kernel 3",
            "sepal cost --input 112x112x32 --filters 64 --kernel 3x5 --strides 2 --padding same --bias --format json")
    {
        _batch.DefaultValueFactory = _ => 1;
        _padding.DefaultValueFactory = _ => Padding2D.Valid;
        _depthMultiplier.DefaultValueFactory = _ => 1;
        Add(_model);
        foreach (Option option in (Option[])[_input, _classes, _batch, .. ConvolutionOptions, .. _counting.All, _format])
        {
            Add(option);
        }
    }

    /// <summary>The options about one convolution alone.</summary>
    private Option[] ConvolutionOptions => [_filters, _kernel, _strides, _padding, _dilation, _depthMultiplier, _bias];

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        bool isConvolution = IsGiven(arguments, _input) && IsGiven(arguments, _filters) && IsGiven(arguments, _kernel);
        (Report report, IEnumerable<string> unknown) = (arguments.GetValue(_model), isConvolution) switch
        {
            (null, _) => (OfConvolution(arguments), []),
            ({ } unexpected, true) => throw Misused($"unexpected argument '{unexpected}'."),
            ({ } model, false) => OfModel(arguments, model),
        };
        int exitCode = _counting.Warn(arguments, terminal, unknown);
        terminal.Write(report, arguments.GetValue(_format));
        return exitCode;
    }

    private (Report Report, IEnumerable<string> Unknown) OfModel(ParseResult arguments, string model)
    {
        if (Array.Find(ConvolutionOptions, option => IsGiven(arguments, option)) is { } wrong)
        {
            throw Misused($"{wrong.Name} is about one convolution, and '{model}' is a model; leave out one of them.");
        }

        int[]? input = IsGiven(arguments, _input) ? arguments.GetValue(_input) : null;
        int batch = arguments.GetValue(_batch);
        ModelSource source = ModelSource.Resolve(model);
        if (_counting.IsSymbolic(arguments))
        {
            Graph open = source.OpenGraph(input, arguments.GetValue(_classes));
            SymbolicCost symbolic = SymbolicCost.Of(open, _counting.Options(arguments, batch, symbols: null));
            return (SymbolicCostReport.Of(model, symbolic), open.Nodes.Where(node => !node.Operator.IsCounted).Select(node => node.Name));
        }

        Graph graph = source.Graph(input, arguments.GetValue(_classes), keepUnknown: true);
        Dictionary<string, long> symbols = ImageSymbols.Of(graph, input, batch, model);
        ModelCost cost = ModelCost.Of(graph, _counting.Options(arguments, batch, symbols));
        return (ModelCostReport.Of(model, graph, cost, symbols), cost.UncountedNodes.Select(node => node.Name));
    }

    private Report OfConvolution(ParseResult arguments)
    {
        Option[] missing = [.. ((Option[])[_input, _filters, _kernel]).Where(option => !IsGiven(arguments, option))];
        if (missing.Length > 0)
        {
            string convolution = string.Join(", ", missing.Select(option => $"{option.Name} <{option.HelpName}>"));
            bool isModel = !IsGiven(arguments, _filters) && !IsGiven(arguments, _kernel);
            throw Misused(isModel ? $"missing MODEL; or for one convolution {convolution}." : $"missing {convolution}.");
        }

        if (Array.Find((Option[])[_classes, _batch, .. _counting.All], option => IsGiven(arguments, option)) is { } wrong)
        {
            throw Misused($"{wrong.Name} is about a model; leave it out for one convolution.");
        }

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
        return CostReport.Of(Compare(setting));
    }

    private static bool IsGiven(ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false };

    private static UsageException Misused(string message) => new($"{message} See 'sepal cost --help'.");

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
