using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sepal.Architectures;
using Sepal.Cli.Framework;
using Sepal.Cli.Tables;
using Sepal.Costs;

namespace Sepal.Peers;

/// <summary>The program: every model at every batch on every number of threads.</summary>
internal sealed class PeersVerb : Verb
{
    private readonly Option<string[]> _models = List(
        "--models", "Architectures, or ONNX files with one input; all architectures where not given.", "a name or a file");

    private readonly Option<int[]> _threads = Numbers("--threads", "Numbers of threads.", [1, 2]);
    private readonly Option<int[]> _batches = Numbers("--batch", "Images in a run.", [1, 8]);

    private readonly Option<int> _pairs = WithDefault(
        OptionParsers.WholeNumber("--pairs", "Pairs of blocks; fewer for a quick look.", 1, 100_000), 50);

    private readonly Option<int> _block = WithDefault(
        OptionParsers.WholeNumber("--block", "Runs in a block, the first of which is not counted.", 2, 100_000), 10);

    private readonly Option<int> _size = WithDefault(
        OptionParsers.WholeNumber("--size", "Height and width where a file leaves them open.", 1, 100_000), 224);

    private readonly Option<bool> _inProcessOnly = new("--in-process-only")
    {
        Description = "Leave out the processes of their own, which give memory, cold starts and a check of the times.",
    };

    private readonly Option<ReportFormat> _format = SharedOptions.Format();

    public PeersVerb()
        : base(
            "peers",
            "Measures Sepal against ONNX Runtime, in blocks of runs that alternate in one process.",
            "./bench/peers/run",
            "./bench/peers/run --models mobilenet-v2,my.onnx --threads 1 --batch 1 --pairs 10 --in-process-only")
    {
        _models.DefaultValueFactory = _ => [.. Architecture.Names];
        foreach (Option option in (Option[])[_models, _threads, _batches, _pairs, _block, _size, _inProcessOnly, _format])
        {
            Add(option);
        }
    }

    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        int[] threads = arguments.GetRequiredValue(_threads);
        int[] batches = arguments.GetRequiredValue(_batches);
        string[] names = arguments.GetRequiredValue(_models);
        Array.ForEach(names, PeerModel.Require);
        DirectoryInfo directory = Directory.CreateTempSubdirectory("sepal-peers-");
        List<PeersRow> rows = [];
        List<double> peaks = [];
        List<string> remarks = [];
        try
        {
            using ProgressLine progress = terminal.Progress();
            foreach (string name in names)
            {
                var model = PeerModel.Open(name, directory.FullName);
                foreach (int batch in batches)
                {
                    if (model.ShapeFor(batch, arguments.GetValue(_size)) is not { } shape)
                    {
                        remarks.Add($"{model.Name} has a fixed batch other than {batch}, which was left out.");
                        continue;
                    }

                    foreach (int count in threads)
                    {
                        peaks.Add(MachinePeak.Measure());
                        rows.Add(Measure(model, shape, count, arguments, progress, cancellation));
                    }
                }
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        if (rows.Sum(row => row.NoisyBlocks) is > 0 and int noisy)
        {
            remarks.Add(string.Create(
                CultureInfo.InvariantCulture, $"{noisy} blocks began while the other engine's threads were still busy: run again."));
        }

        terminal.Write(PeersReport.Of(peaks.Count == 0 ? 0 : Medians.Of(peaks), rows).ToReport(remarks), arguments.GetValue(_format));
        return ExitCodes.Done;
    }

    private PeersRow Measure(
        PeerModel model,
        ImmutableArray<long> shape,
        int threads,
        ParseResult arguments,
        ProgressLine progress,
        CancellationToken cancellation)
    {
        string title = string.Create(CultureInfo.InvariantCulture, $"{model.Name}, batch {shape[0]}, {threads} thread(s)");
        int pairs = arguments.GetValue(_pairs);
        EngineFigures? sepalAlone = null;
        EngineFigures? onnxRuntimeAlone = null;
        if (!arguments.GetValue(_inProcessOnly))
        {
            progress.Show($"{title}: each alone");
            sepalAlone = EngineProcess.Measure(Engines.Sepal, model.FilePath, shape, threads);
            cancellation.ThrowIfCancellationRequested();
            onnxRuntimeAlone = EngineProcess.Measure(Engines.OnnxRuntime, model.FilePath, shape, threads);
        }

        progress.Show($"{title}: warming up");
        using IEngine sepal = Engines.Create(Engines.Sepal, model.FilePath, shape.AsSpan(), threads);
        using IEngine onnxRuntime = Engines.Create(Engines.OnnxRuntime, model.FilePath, shape.AsSpan(), threads);
        double difference = Agreement.Require(model.Name, sepal, onnxRuntime);
        double peak = MachinePeak.Measure(threads);
        DuelResult result = Duel.Measure(
            sepal, onnxRuntime, pairs, arguments.GetValue(_block), pair => progress.Show($"{title}: {pair} of {pairs} pairs"), cancellation);
        long macs = model.CountMacs(shape);
        double gflops = 2e-6 * macs / result.SepalMilliseconds;
        return new PeersRow(
            model.Name,
            (int)shape[0],
            threads,
            result.SepalMilliseconds,
            result.OnnxRuntimeMilliseconds,
            result.Ratio,
            gflops / peak,
            macs,
            gflops,
            2e-6 * macs / result.OnnxRuntimeMilliseconds,
            peak,
            difference,
            result.SepalAllocatedBytes,
            result.OnnxRuntimeAllocatedBytes,
            result.NoisyBlocks,
            sepalAlone,
            onnxRuntimeAlone);
    }

    private static Option<T> WithDefault<T>(Option<T> option, T value)
    {
        option.DefaultValueFactory = _ => value;
        return option;
    }

    private static Option<string[]> List(string name, string description, string expected) => OptionParsers.Create(
        name,
        description,
        "A,B,…",
        $"{expected}, or several with commas between",
        (string text, [MaybeNullWhen(false)] out string[] parts) =>
        {
            parts = text.Split(',', StringSplitOptions.TrimEntries);
            return parts.All(part => part.Length > 0);
        });

    private static Option<int[]> Numbers(string name, string description, int[] numbers) => WithDefault(
        OptionParsers.Create(
            name,
            description,
            "N,N,…",
            "whole numbers from 1 to 1024 with commas between",
            (string text, [MaybeNullWhen(false)] out int[] values) =>
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
            }),
        numbers);
}
