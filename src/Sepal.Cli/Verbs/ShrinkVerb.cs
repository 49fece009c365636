using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Sepal.Cli.Classification;
using Sepal.Cli.Framework;
using Sepal.Cli.Shrinking;
using Sepal.Cli.Tables;
using Sepal.Cli.Training;
using Sepal.Costs;
using Sepal.Data;
using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Shrinking;
using Sepal.Shrinking.Search;

namespace Sepal.Cli.Verbs;

/// <summary><c>sepal shrink</c>: a trained network's standard convolutions become separable ones, within a budget.</summary>
internal sealed class ShrinkVerb : Verb
{
    private readonly Argument<string> _model = SharedOptions.Model();

    private readonly Option<string> _data = new("--data")
    {
        Description = "A directory of pictures as for 'sepal train', of MNIST-format files, or of pictures without labels. A val or test folder, or the test files, are measured on.",
        HelpName = "DIRECTORY",
        Required = true,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The file to write.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly ShrinkBudget _budget = new();
    private readonly ShrinkMethod _method = new();
    private readonly Option<string> _augment = AugmentationOption.Create();
    private readonly ImageOptions _preparation = new();

    private readonly Option<bool> _noLabels = new("--no-labels")
    {
        Description = "Use no label: agreement with the original stands for accuracy.",
    };

    private readonly Option<string> _report = new("--report")
    {
        Description = "Write report.html, report.md and report.json to a directory, or the page alone to a file that ends in .html.",
        HelpName = "DIR|FILE.html",
    };

    private readonly Option<ulong> _seed = SharedOptions.Seed();
    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly Option<ReportFormat> _format = SharedOptions.Format();

    /// <summary>Makes the verb.</summary>
    public ShrinkVerb()
        : base(
            "shrink",
            "Turn a trained network's standard convolutions into separable ones, within a budget: smaller, and faster as measured here.",
            "sepal shrink model.onnx --data flowers --max-accuracy-drop 0.01 -o small.onnx",
            "sepal shrink model.onnx --data flowers --max-macs 20% --finetune-epochs 5 -o small.onnx --report runs/shrink",
            "sepal shrink model.onnx --data photos --speed-up 1.5 -o small.onnx --threads 1 --format json")
    {
        Add(_model);
        foreach (Option option in (Option[])
            [_data, _output, .. _budget.All, .. _method.All, _augment, _noLabels, .. _preparation.Preparation, _report, _seed, _threads, _format])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        string path = arguments.GetRequiredValue(_model);
        string output = arguments.GetRequiredValue(_output);
        var files = ShrinkFiles.Check(path, output, arguments.GetValue(_report));
        ModelChoice choice = ModelChoice.Resolve(path);
        if (!choice.IsFile)
        {
            throw UsageException.ForOption("MODEL", path, "an ONNX file of a trained network; an architecture has nothing to lose yet");
        }

        using Model model = OnnxModel.Import(path);
        ImmutableArray<int> input = InputOf(model, path);
        ImagePreprocessing preprocessing = _preparation.ForTraining(choice.Metadata.Preprocessing, input, arguments);
        ulong seed = arguments.GetValue(_seed);
        int threads = arguments.GetValue(_threads);
        ShrinkOptions options = _method.Apply(_budget.Options(arguments, ModelCost.Of(model.Graph)), arguments) with { Seed = seed, Threads = threads };
        var images = new ImageDatasetOptions
        {
            Preprocessing = preprocessing,
            Augmentations = AugmentationOption.Parse(arguments.GetValue(_augment) ?? string.Empty),
            Seed = seed,
            Threads = threads,
            RoundPixels = true,
        };
        using ShrinkPictures pictures = ShrinkPictures.Open(
            arguments.GetRequiredValue(_data),
            !arguments.GetValue(_noLabels),
            choice.Metadata.ClassNames,
            NetworkJudge.ClassCount(model.Graph),
            images,
            options.FineTuneEpochs > 0 ? null : options.Images,
            terminal,
            cancellation);
        using ShrinkResult result = Shrink(model, pictures, options, terminal, cancellation);
        long bytes = files.WriteModel(stream => result.Model.ExportOnnx(stream, new OnnxExportOptions
        {
            Preprocessing = preprocessing,
            ClassNames = choice.Metadata.ClassNames,
            GraphName = Path.GetFileNameWithoutExtension(output),
        }));
        ShrinkReport report = ShrinkReports.Of(result, options, pictures, (path, output, arguments.GetRequiredValue(_data)), (new FileInfo(path).Length, bytes)) with
        {
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
        };
        files.WriteReport(report);
        terminal.Write(ShrinkTables.Of(report, files.PagePath), arguments.GetValue(_format));
        return ExitCodes.Done;
    }

    private static ShrinkResult Shrink(
        Model model, ShrinkPictures pictures, ShrinkOptions options, Terminal terminal, CancellationToken cancellation)
    {
        using ProgressLine progress = terminal.Progress();
        return Shrinker.Shrink(model, pictures.Data, options with { Progress = step => progress.Show(Describe(step)) }, cancellation);
    }

    private static string Describe(ShrinkProgress step)
    {
        string stage = step.Stage switch
        {
            ShrinkStage.Original => "original",
            ShrinkStage.Timing => "timing layers",
            ShrinkStage.Sensitivity => "replacing one layer at a time",
            ShrinkStage.Search => "choosing",
            ShrinkStage.Decoupling => "decoupling",
            ShrinkStage.Correction => "correcting",
            ShrinkStage.Pruning => "pruning",
            _ => "fine-tuning",
        };
        return step.Total > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{stage}: {step.Text} ({step.Done} of {step.Total})")
            : $"{stage}: {step.Text}";
    }

    private static ImmutableArray<int> InputOf(Model model, string path)
    {
        Graph graph = model.Graph;
        return graph.Inputs is [{ Shape: { Rank: 4 } shape }] && shape.Skip(1).All(extent => extent.IsKnown) && shape[3].Value is 1 or 3
            ? [.. shape.Skip(1).Select(extent => checked((int)extent.Value))]
            : throw new SepalException(
                $"{path}: its inputs are {string.Join(", ", graph.Inputs.Select(one => $"'{one.Name}' {one.Shape}"))}, where one of images with a fixed size and 1 or 3 channels was expected "
                + "(batch, height, width, channels). Export the model with a fixed size.");
    }
}
