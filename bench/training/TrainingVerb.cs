using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sepal.Cli.Framework;
using Sepal.Cli.Tables;

namespace Sepal.TrainingSpeed;

/// <summary>The program: every network on every number of threads.</summary>
internal sealed class TrainingVerb : Verb
{
    private readonly Option<string[]> _networks = new Option<string[]>("--networks")
    {
        Description = $"Networks, with commas between: {string.Join(", ", TrainingNetwork.All.Select(network => network.Name))}; all where not given.",
        HelpName = "A,B,…",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries),
        DefaultValueFactory = _ => [.. TrainingNetwork.All.Select(network => network.Name)],
    };

    private readonly Option<int[]> _threads = OptionParsers.Create(
        "--threads", "Numbers of threads; 1,2 where not given.", "N,N,…", "whole numbers from 1 to 1024 with commas between", (string text, [MaybeNullWhen(false)] out int[] values) => TryNumbers(text, out values));

    private readonly Option<int> _seconds = OptionParsers.WholeNumber("--seconds", "How long each row's steps are measured; 10 where not given.", 1, 3600);
    private readonly Option<int> _slowest = OptionParsers.WholeNumber("--slowest", "How many of the plan's slowest steps are listed; none where not given.", 0, 10_000);
    private readonly Option<bool> _withoutTorch = new("--without-torch") { Description = "Do not measure PyTorch, though it is installed." };
    private readonly Option<ReportFormat> _format = SharedOptions.Format();

    public TrainingVerb()
        : base(
            "training",
            "Measures steps of training, alternately with PyTorch's where Debian's python3-torch is installed.",
            "./bench/training/run",
            "./bench/training/run --networks mnist-separable --threads 1 --seconds 3 --slowest 20")
    {
        _threads.DefaultValueFactory = _ => [1, 2];
        _seconds.DefaultValueFactory = _ => 10;
        foreach (Option option in (Option[])[_networks, _threads, _seconds, _slowest, _withoutTorch, _format])
        {
            Add(option);
        }
    }

    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        TrainingNetwork[] networks = Array.ConvertAll(arguments.GetRequiredValue(_networks), TrainingNetwork.Find);
        List<TrainingRow> rows = [];
        using (ProgressLine progress = terminal.Progress())
        {
            foreach (TrainingNetwork network in networks)
            {
                foreach (int threads in arguments.GetRequiredValue(_threads))
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress.Show(string.Create(CultureInfo.InvariantCulture, $"{network.Name}, {threads} thread(s)"));
                    rows.Add(RowProcess.Measure(
                        network, threads, arguments.GetValue(_seconds), arguments.GetValue(_slowest), !arguments.GetValue(_withoutTorch)));
                }
            }
        }

        terminal.Write(TrainingReport.Of(rows).ToReport(), arguments.GetValue(_format));
        return ExitCodes.Done;
    }

    private static bool TryNumbers(string text, [NotNullWhen(true)] out int[]? values)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        values = new int[parts.Length];
        for (int index = 0; index < parts.Length; index++)
        {
            if (!OptionParsers.TryWholeNumber(parts[index], 1, 1024, out values[index]))
            {
                return false;
            }
        }

        return true;
    }
}
