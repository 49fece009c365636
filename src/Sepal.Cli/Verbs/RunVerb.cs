using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using Sepal.Cli.Framework;
using Sepal.Cli.Tables;
using Sepal.Graphs;
using Sepal.Inference;

namespace Sepal.Cli.Verbs;

/// <summary><c>sepal run</c>: a model on tensors in files.</summary>
internal sealed class RunVerb : Verb
{
    private readonly Argument<string> _model = SharedOptions.Model();

    private readonly Option<string[]> _inputs = Files(
        "--input", "A tensor to run on: a file, or NAME=FILE. Without a name, files are for the model's inputs in order. Once for each input.");

    private readonly Option<string[]> _outputs = Files(
        "--output", "Where a result is written: a file for the model's outputs in order, or NAME=FILE for any value inside the model.");

    private readonly Option<int> _repeat = OptionParsers.WholeNumber("--repeat", "Run N times more, and say how long a run takes.", 0, 1_000_000);
    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly Option<ReportFormat> _format = SharedOptions.Format();

    /// <summary>Makes the verb.</summary>
    public RunVerb()
        : base(
            "run",
            "Run an ONNX model on tensors in NumPy (.npy) or ONNX (.pb) files.",
            "sepal run model.onnx --input x.npy --output y.npy",
            "sepal run model.onnx --input ids=ids.npy --input mask=mask.pb --output logits=logits.npy --repeat 100 --threads 1")
    {
        Add(_model);
        foreach (Option option in (Option[])[_inputs, _outputs, _repeat, _threads, _format])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_model);
        int threads = arguments.GetValue(_threads);
        long start = Stopwatch.GetTimestamp();
        using var session = new InferenceSession(path, new SessionOptions { Threads = threads, MaximumConcurrentRuns = 1 });
        double loadMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        ImmutableArray<NamedFile> inputFiles = NamedFile.Assign(
            arguments.GetValue(_inputs) ?? [], [.. session.Inputs.Select(input => input.Name)], "--input");
        ImmutableArray<NamedFile> outputFiles = NamedFile.Assign(
            arguments.GetValue(_outputs) ?? [], [.. session.Outputs.Select(output => output.Name)], "--output");
        Dictionary<string, TensorData> inputs = inputFiles.ToDictionary(file => file.Name, file => file.Read(), StringComparer.Ordinal);

        // What is written, or where nothing is, what the model gives.
        string[] names = outputFiles.IsEmpty
            ? [.. session.Outputs.Select(output => output.Name)]
            : [.. outputFiles.Select(file => file.Name)];
        start = Stopwatch.GetTimestamp();
        IReadOnlyDictionary<string, TensorData> outputs = session.Run(inputs, names, cancellation);
        double firstMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        foreach (NamedFile file in outputFiles)
        {
            file.Write(outputs[file.Name]);
        }

        double? median = Repeat(() => session.Run(inputs, names, cancellation), arguments.GetValue(_repeat));
        terminal.Write(
            RunReport.Of(new RunReport(
                path,
                threads,
                [.. session.Inputs.Select(input => TensorRow.Of(input.Name, inputs[input.Name], inputFiles))],
                [.. outputs.Select(output => TensorRow.Of(output.Key, output.Value, outputFiles))],
                loadMilliseconds,
                firstMilliseconds,
                median)),
            arguments.GetValue(_format));
        return ExitCodes.Done;
    }

    private static double? Repeat(Action run, int count)
    {
        if (count == 0)
        {
            return null;
        }

        var times = new double[count];
        for (int index = 0; index < count; index++)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            times[index] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return (times[(count - 1) / 2] + times[count / 2]) / 2;
    }

    private static Option<string[]> Files(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "[NAME=]FILE",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };
}
