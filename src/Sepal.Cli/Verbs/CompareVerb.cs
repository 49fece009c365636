using System.CommandLine;
using Sepal.Cli.Comparison;
using Sepal.Cli.Framework;
using Sepal.Cli.Tables;
using Sepal.Data;
using Sepal.Training;

namespace Sepal.Cli.Verbs;

/// <summary><c>sepal compare</c>: standard and separable networks trained side by side.</summary>
internal sealed class CompareVerb : Verb
{
    private static readonly string DefaultData = Path.Combine("data", "mnist");

    private readonly Option<string> _data = new("--data")
    {
        Description = "A directory of MNIST-format files; data/mnist where not given, here or beside the program.",
        HelpName = "DIRECTORY",
    };

    private readonly Option<int> _epochs = OrDefault(
        OptionParsers.WholeNumber("--epochs", "Times through the training images.", 1, 10_000), 5);

    private readonly Option<int> _batchSize = OrDefault(
        OptionParsers.WholeNumber("--batch-size", "Images a training step.", 1, 65_536), 128);

    private readonly Option<int?> _limit = Optional(
        "--limit", "Train on the first N images only, for a quick look. Tests always take all test images.");

    private readonly Option<string> _out = new("--out")
    {
        Description = "Where the reports (report.html, report.md, report.json, history.csv) and the networks (.onnx) are written.",
        HelpName = "DIRECTORY",
        DefaultValueFactory = _ => Path.Combine("runs", "compare"),
    };

    private readonly Option<ulong> _seed = SharedOptions.Seed();
    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly Option<ReportFormat> _format = SharedOptions.Format();

    /// <summary>Makes the verb.</summary>
    public CompareVerb()
        : base(
            "compare",
            "Train a small CNN standard, separable, as MobileNet, and separable and deeper; compare cost and accuracy.",
            "sepal compare --epochs 5",
            "sepal compare --epochs 1 --limit 6000",
            "sepal compare --data fashion-mnist --out runs/fashion --format json")
    {
        _seed.DefaultValueFactory = _ => 1;
        foreach (Option option in (Option[])[_data, _epochs, _batchSize, _limit, _out, _seed, _threads, _format])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string directory = arguments.GetValue(_data) ?? FindDefaultData();
        (IdxDataset train, IdxDataset test) = Mnist.Load(directory);
        LabelCheck.Require(directory, train, test);
        Dataset limited = arguments.GetValue(_limit) is { } limit ? train.Take(limit) : train;
        var data = new DataDescription(
            directory, limited.Count, test.Count, [.. test.InputShape.Select(extent => (int)extent.Value)], test.ClassCount);
        var settings = new ComparisonSettings(
            arguments.GetValue(_epochs), arguments.GetValue(_batchSize), arguments.GetValue(_seed), arguments.GetValue(_threads), "Adam");
        var files = new ComparisonFiles(arguments.GetRequiredValue(_out));
        var run = new ComparisonRun(data, settings, limited, test, files, terminal);
        ComparisonResult result = run.Execute(cancellation);
        terminal.Write(
            Report.Of(
                result,
                CliJson.Default.ComparisonResult,
                [ComparisonTables.Networks(result)],
                [result.Summary, $"The report is {files.PagePath}"]),
            arguments.GetValue(_format));
        return ExitCodes.Done;
    }

    /// <summary>
    /// The repository's MNIST: below the current directory, or below one that the program is in, so that the command
    /// works from anywhere. The name is as short as it can be: it is shown in reports.
    /// </summary>
    private static string FindDefaultData()
    {
        if (Mnist.IsDataset(DefaultData))
        {
            return DefaultData;
        }

        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string candidate = Path.Combine(directory.FullName, DefaultData);
            if (Mnist.IsDataset(candidate))
            {
                return candidate;
            }
        }

        throw new UsageException(
            $"--data: received nothing, and there is no {DefaultData} here or beside the program; expected a directory of MNIST-format files.");
    }

    private static Option<int> OrDefault(Option<int> option, int value)
    {
        option.DefaultValueFactory = _ => value;
        return option;
    }

    private static Option<int?> Optional(string name, string description) => OptionParsers.Create(
        name,
        description,
        "N",
        $"a whole number from 1 to {int.MaxValue}",
        (string text, out int? value) =>
        {
            bool known = OptionParsers.TryWholeNumber(text, 1, int.MaxValue, out int number);
            value = number;
            return known;
        });
}
