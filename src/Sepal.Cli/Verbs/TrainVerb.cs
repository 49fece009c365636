using System.Collections.Immutable;
using System.CommandLine;
using Sepal.Cli.Classification;
using Sepal.Cli.Framework;
using Sepal.Cli.Tables;
using Sepal.Cli.Training;
using Sepal.Data;
using Sepal.Onnx;

namespace Sepal.Cli.Verbs;

/// <summary><c>sepal train</c>: from a folder of images to a model.</summary>
internal sealed class TrainVerb : Verb
{
    private static readonly int[] FolderInput = [96, 96, 3];

    private readonly Option<string> _data = new("--data")
    {
        Description = "A directory of pictures, one folder a class, or of train, val and test folders with such folders in them; or of MNIST-format files. Needed, except with --resume.",
        HelpName = "DIRECTORY",
    };

    private readonly Option<string> _model = new("--model")
    {
        Description = "An architecture, see 'sepal cost', or an ONNX file to train on; its classifier is replaced where the classes are others.",
        HelpName = "NAME|FILE",
        DefaultValueFactory = _ => "mobilenet-small",
    };

    private readonly Option<int[]> _input = SizeParsers.Image(
        "--input", "The size of images for an architecture; where not given the images' own for MNIST-format files, 96x96x3 for pictures.");

    private readonly Option<double?> _split = OptionParsers.OptionalNumber(
        "--validation-split", "The share of every class held out to choose the best epoch by, where there is no val folder; 0.1 where not given.", "a number from 0 to below 1", value => value is >= 0 and < 1);

    private readonly Option<int?> _limit = OptionParsers.OptionalWholeNumber(
        "--limit", "Train on N of the images only, as many of each class as of the whole; for a quick look.", 1, int.MaxValue);

    private readonly Option<string> _out = new("--out")
    {
        Description = "Where the models (model.onnx, last.onnx), history.csv and report.html are written; runs/train, runs/train-2, … where not given.",
        HelpName = "DIRECTORY",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with the run in --out after its last checkpoint, to the same result as if it had never stopped. Its options need not be repeated.",
    };

    private readonly Option<int?> _checkpointEvery = OptionParsers.OptionalWholeNumber(
        "--checkpoint-every", "Write a checkpoint every N steps too, beside that after every epoch.", 1, int.MaxValue);

    private readonly Option<bool> _tensorBoard = new("--tensorboard")
    {
        Description = "Write curves for TensorBoard too, to tensorboard in the output directory.",
    };

    private readonly OptimizationOptions _optimization = new();
    private readonly TeacherOptions _teacher = new();
    private readonly TransferOptions _transfer = new();
    private readonly Option<string> _augment = AugmentationOption.Create();
    private readonly ImageOptions _preparation = new();
    private readonly Option<ulong> _seed = SharedOptions.Seed();
    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly Option<ReportFormat> _format = SharedOptions.Format();

    /// <summary>Makes the verb.</summary>
    public TrainVerb()
        : base(
            "train",
            "Train an image classifier on a folder of pictures, and write it as an ONNX file that says how pictures are prepared.",
            "sepal train --data flowers --model mobilenet-v2-0.5 --input 96x96x3 --epochs 30 --augment flip,crop,color",
            "sepal train --data data/mnist --epochs 5 --out runs/mnist",
            "sepal train --resume --out runs/mnist",
            "sepal train --data flowers --model runs/train/model.onnx --freeze all-but-head --epochs 10 --finetune-epochs 5",
            "sepal train --data flowers --model mobilenet-small --input 96x96x3 --teacher runs/flowers/model.onnx --epochs 30")
    {
        _seed.DefaultValueFactory = _ => 1;
        foreach (Option option in (Option[])
            [_data, _model, _input, .. _transfer.All, .. _teacher.All, .. _optimization.All, _augment, _split, _limit, .. _preparation.Preparation, _out, _resume, _checkpointEvery, _tensorBoard, _seed, _threads, _format])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        var files = new TrainingFiles(Directory(arguments));
        TrainingSettings? before = Before(arguments, files, terminal);
        if (before is not null)
        {
            arguments = StoredCommand.Merge(before.Command, arguments);
        }

        DataSource source = DataSource.Open(
            arguments.GetValue(_data) ?? throw new UsageException($"missing --data <DIRECTORY>. See 'sepal {Name} --help'."));
        ModelChoice choice = ModelChoice.Resolve(arguments.GetRequiredValue(_model));
        ImmutableArray<int> input = Input(arguments.GetResult(_input) is null ? null : arguments.GetValue(_input), source, choice);
        ImagePreprocessing preprocessing = _preparation.ForTraining(choice.Metadata.Preprocessing, input, arguments);
        TrainingSettings settings = Settings(arguments, source, choice, input, preprocessing);
        if (before is not null)
        {
            ResumedSettings.RequireSame(before, settings, files.DirectoryPath);
        }

        int threads = arguments.GetValue(_threads);
        var options = new ImageDatasetOptions
        {
            Preprocessing = preprocessing,
            Augmentations = AugmentationOption.Parse(settings.Augment),
            Seed = settings.Seed,
            Threads = threads,
            RoundPixels = true,
        };
        using Model model = choice.Create(input, source.ClassNames, settings);
        using Model? frozen = Freezing.Of(model, settings.Freeze);
        using var teacher = Teacher.Open(settings, source.ClassNames, preprocessing, threads);
        using TrainingData data = TrainingData.Open(source, options, settings.ValidationSplit, settings.Limit, terminal, cancellation);
        files.Begin(settings);
        var export = new OnnxExportOptions
        {
            Preprocessing = preprocessing,
            ClassNames = source.ClassNames,
            GraphName = choice.IsFile ? Path.GetFileNameWithoutExtension(choice.Text) : choice.Text,
        };
        var session = new TrainingSession(settings, data, files, export, terminal)
        {
            Threads = threads,
            TensorBoard = arguments.GetValue(_tensorBoard),
            CheckpointEvery = arguments.GetValue(_checkpointEvery),
            Distillation = teacher?.Distillation,
            Resume = before is not null,
        };
        TrainReport report = session.Run(model, frozen, cancellation);
        terminal.Write(TrainReport.Of(report, files.PagePath), arguments.GetValue(_format));
        return ExitCodes.Done;
    }

    private string Directory(ParseResult arguments)
    {
        string? typed = arguments.GetValue(_out);
        return typed is null && arguments.GetValue(_resume)
            ? throw new UsageException("--resume needs the directory of the run: --out runs/train, for example.")
            : typed ?? TrainingFiles.NextDirectory();
    }

    /// <summary>The settings of the run to be resumed; null where a run begins.</summary>
    private TrainingSettings? Before(ParseResult arguments, TrainingFiles files, Terminal terminal)
    {
        if (!arguments.GetValue(_resume))
        {
            files.RequireEmpty();
            return null;
        }

        TrainingSettings? before = files.ReadSettings();
        if (before is null)
        {
            terminal.Error.WriteLine($"sepal: warning: there is nothing to resume in '{files.DirectoryPath}': a run begins.");
        }

        return before;
    }

    private TrainingSettings Settings(
        ParseResult arguments, DataSource source, ModelChoice choice, ImmutableArray<int> input, ImagePreprocessing preprocessing)
    {
        var settings = new TrainingSettings
        {
            Data = source.Path,
            Model = choice.Text,
            Input = input,
            ValidationSplit = arguments.GetValue(_split) ?? 0.1,
            Limit = arguments.GetValue(_limit),
            Epochs = 0,
            BatchSize = 0,
            Optimizer = string.Empty,
            LearningRate = 0,
            Schedule = string.Empty,
            Augment = arguments.GetValue(_augment) ?? string.Empty,
            Seed = arguments.GetValue(_seed),
            Preprocessing = ImageOptions.Describe(preprocessing),
            Command = StoredCommand.Of(arguments, _out, _resume, _threads, _format),
        };
        settings = _optimization.Apply(settings, arguments);
        return _teacher.Apply(_transfer.Apply(settings, arguments), arguments);
    }

    /// <summary>What was typed, or what the file, the data or nothing says.</summary>
    private static ImmutableArray<int> Input(int[]? typed, DataSource source, ModelChoice choice)
    {
        if (typed is not null && typed[2] is not (1 or 3))
        {
            throw UsageException.ForOption("--input", string.Join('x', typed), "one channel (grey) or three (red, green, blue)");
        }

        return typed is not null ? [.. typed]
            : choice.InputShape is { } own ? own
            : source.ImageShape is { } shape ? [.. shape.Select(extent => (int)extent.Value)]
            : [.. FolderInput];
    }
}
