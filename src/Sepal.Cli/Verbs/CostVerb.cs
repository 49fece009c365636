using System.Collections.Immutable;
using System.CommandLine;
using Sepal.Cli.Costs;
using Sepal.Cli.Framework;
using Sepal.Cli.Models;
using Sepal.Cli.Tables;
using Sepal.Costs;
using Sepal.Graphs;

namespace Sepal.Cli.Verbs;

/// <summary><c>sepal cost</c>: what models cost, or one convolution, and what separability would save of it.</summary>
internal sealed class CostVerb : Verb
{
    private readonly Argument<string[]> _models = new("MODEL")
    {
        Description = "An ONNX file or an architecture, such as mobilenet-v2; several are put side by side. Without it, one convolution is counted.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<int[]> _input = SizeParsers.Image("--input", "The image: height, width and channels; the model's own where not given.");
    private readonly Option<int?> _classes = SharedOptions.Classes();
    private readonly Option<int> _batch = OptionParsers.WholeNumber("--batch", "Images in a batch of a model.", 1, int.MaxValue);
    private readonly DetailOptions _details = new();
    private readonly WhatIfOptions _whatIf = new();
    private readonly MeasureOptions _measure = new();
    private readonly DifferenceOptions _difference = new();
    private readonly BudgetOptions _budgets = new();
    private readonly CostCounting _counting = new();
    private readonly ConvolutionOptions _convolution = new();
    private readonly Option<ReportFormat> _format = SharedOptions.Format();

    /// <summary>Makes the verb.</summary>
    public CostVerb()
        : base(
            "cost",
            "Parameters and multiply-adds of models by layer, or of one convolution, standard and separable.",
            "sepal cost mobilenet-v2 --input 160x160x3 --classes 10",
            "sepal cost model.onnx --format csv",
            "sepal cost resnet18 --separate --deeper",
            "sepal cost mobilenet-v1 --width 0.25,0.5,1 --resolution 128,192,224",
            "sepal cost mobilenet-v2 --measure --html cost.html",
            "sepal cost a.onnx b.onnx mobilenet-v2 --max-macs 300M",
            "sepal cost --before a.onnx --after b.onnx",
            "sepal cost --input 5x5x3 --filters 4 --kernel 3",
            "sepal cost --input 112x112x32 --filters 64 --kernel 3x5 --strides 2 --padding same --bias --format json")
    {
        _batch.DefaultValueFactory = _ => 1;
        Add(_models);
        foreach (Option option in (Option[])[_input, .. ModelOptions, .. _convolution.All, _format])
        {
            Add(option);
        }
    }

    /// <summary>The options about models alone.</summary>
    private Option[] ModelOptions =>
        [_classes, _batch, .. _counting.All, .. SingleModelOptions, .. _difference.All, .. _budgets.All];

    /// <summary>The options that several models do not take.</summary>
    private Option[] SingleModelOptions => [.. _details.All, .. _whatIf.All, .. _measure.All];

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string[] models = arguments.GetValue(_models) ?? [];
        bool isDifference = _difference.Read(arguments) is not null;
        if (models.Length == 0 && !isDifference)
        {
            terminal.Write(OfConvolution(arguments), arguments.GetValue(_format));
            return ExitCodes.Done;
        }

        bool isConvolution = IsGiven(arguments, _input) && _convolution.Needed.All(option => IsGiven(arguments, option));
        if (models.Length > 0 && (isConvolution || isDifference))
        {
            throw Misused($"unexpected argument '{models[0]}'.");
        }

        models = _difference.Read(arguments) is { } pair ? [pair.Before, pair.After] : models;
        RequireModelOptions(arguments, models);
        return _counting.IsSymbolic(arguments)
            ? OfSymbols(arguments, models[0], terminal)
            : OfModels(arguments, models, isDifference, terminal, cancellation);
    }

    private void RequireModelOptions(ParseResult arguments, string[] models)
    {
        if (_convolution.All.FirstOrDefault(option => IsGiven(arguments, option)) is { } wrong)
        {
            throw Misused($"{wrong.Name} is about one convolution, and '{models[0]}' is a model; leave out one of them.");
        }

        if (models.Length != 1 && Array.Find(SingleModelOptions, option => IsGiven(arguments, option)) is { } single)
        {
            throw Misused($"{single.Name} is about one model; leave it out for several.");
        }

        if (_whatIf.IsGiven(arguments) && _measure.IsGiven(arguments))
        {
            throw Misused("--measure runs the model as it is; leave it out for what would be if.");
        }

        if (_counting.IsSymbolic(arguments)
            && (models.Length > 1 || ((Option[])[_batch, .. SingleModelOptions, .. _budgets.All]).Any(option => IsGiven(arguments, option))))
        {
            throw Misused("--symbolic gives one model's totals as polynomials; leave it out with several models, or with options that need numbers.");
        }
    }

    private int OfSymbols(ParseResult arguments, string model, Terminal terminal)
    {
        int[]? input = IsGiven(arguments, _input) ? arguments.GetValue(_input) : null;
        Graph open = ModelSource.Resolve(model).OpenGraph(input, arguments.GetValue(_classes));
        SymbolicCost symbolic = SymbolicCost.Of(open, _counting.Options(arguments, arguments.GetValue(_batch), symbols: null));
        int exitCode = _counting.Warn(arguments, terminal, open.Nodes.Where(node => !node.Operator.IsCounted).Select(node => node.Name));
        terminal.Write(SymbolicCostReport.Of(model, symbolic), arguments.GetValue(_format));
        return exitCode;
    }

    private int OfModels(ParseResult arguments, string[] names, bool isDifference, Terminal terminal, CancellationToken cancellation)
    {
        CostOptions options = CountingFor(arguments, terminal);
        int[]? input = IsGiven(arguments, _input) ? arguments.GetValue(_input) : null;
        int? classes = arguments.GetValue(_classes);

        // Beside architectures, files keep their own classes.
        ImmutableArray<CountedModel> models = [.. names.Select(ModelSource.Resolve).Select(source =>
            CountedModel.Of(source, input, names.Length > 1 && source.IsFile ? null : classes, options))];
        Report report = isDifference ? DifferenceReport.Of(models[0], models[1])
            : models.Length > 1 ? SideBySideReport.Of(models)
            : OfModel(arguments, models[0], classes, terminal, cancellation);
        int exitCode = _counting.Warn(arguments, terminal, models.SelectMany(model => model.Cost.UncountedNodes).Select(node => node.Name));
        terminal.Write(report, arguments.GetValue(_format));

        // Of a difference, what was before may have cost anything.
        string[] exceeded = [.. models.Skip(isDifference ? 1 : 0).SelectMany(model => _budgets.Exceeded(arguments, model))];
        Array.ForEach(exceeded, line => terminal.Error.WriteLine($"sepal: {line}"));
        return exceeded.Length == 0 ? exitCode : ExitCodes.Failed;
    }

    /// <summary>What is counted for; where times are needed and no machine is given, for this one.</summary>
    private CostOptions CountingFor(ParseResult arguments, Terminal terminal)
    {
        CostOptions options = _counting.Options(arguments, arguments.GetValue(_batch), symbols: null);
        bool needsTime = _whatIf.IsGiven(arguments) || _measure.IsGiven(arguments) || _details.PageIsGiven(arguments);
        if (options.Machine is not null || !needsTime)
        {
            return options;
        }

        using ProgressLine progress = terminal.Progress();
        progress.Show("measuring the machine …");
        return options with { Machine = Machine.Measure(_measure.Threads(arguments)) };
    }

    private Report OfModel(ParseResult arguments, CountedModel model, int? classes, Terminal terminal, CancellationToken cancellation)
    {
        MeasuredModel? measured = _measure.IsGiven(arguments) ? _measure.Measure(arguments, model, classes, terminal, cancellation) : null;
        _details.WritePage(arguments, model, measured);
        return _whatIf.IsGiven(arguments) ? WhatIfReport.Of(_whatIf.Answer(arguments, model, classes))
            : measured is not null ? MeasuredReport.Of(measured)
            : ModelCostReport.Of(model.Name, model.Graph, model.Cost, model.Symbols, _details.Depth(arguments));
    }

    private Report OfConvolution(ParseResult arguments)
    {
        Option[] missing = [.. ((Option[])[_input, .. _convolution.Needed]).Where(option => !IsGiven(arguments, option))];
        if (missing.Length > 0)
        {
            string convolution = string.Join(", ", missing.Select(option => $"{option.Name} <{option.HelpName}>"));
            bool isModel = !_convolution.Needed.Any(option => IsGiven(arguments, option));
            throw Misused(isModel ? $"missing MODEL; or for one convolution {convolution}." : $"missing {convolution}.");
        }

        return Array.Find(ModelOptions, option => IsGiven(arguments, option)) is { } wrong
            ? throw Misused($"{wrong.Name} is about a model; leave it out for one convolution.")
            : _convolution.Count(arguments, arguments.GetRequiredValue(_input));
    }

    private static bool IsGiven(ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false };

    private static UsageException Misused(string message) => new($"{message} See 'sepal cost --help'.");
}
