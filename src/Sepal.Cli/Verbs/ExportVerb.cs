using System.CommandLine;
using Sepal.Architectures;
using Sepal.Cli.Framework;
using Sepal.Cli.Models;
using Sepal.Cli.Tables;
using Sepal.Costs;
using Sepal.Graphs;

namespace Sepal.Cli.Verbs;

/// <summary><c>sepal export</c>: an architecture as an ONNX file, with weights as they are before training.</summary>
internal sealed class ExportVerb : Verb
{
    // An ONNX file, which is one Protocol Buffers message, can hold no more.
    private const long MostBytes = int.MaxValue;

    private readonly Argument<string> _model = new("NAME")
    {
        Description = "An architecture, such as mobilenet-v2.",
        Arity = ArgumentArity.ExactlyOne,
    };

    private readonly Option<string> _output = new("--output")
    {
        Description = "The file to write.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<int[]> _input = SizeParsers.Image("--input", "The image: height, width and channels; the paper's where not given.");
    private readonly Option<int?> _classes = SharedOptions.Classes();
    private readonly Option<ulong> _seed = SharedOptions.Seed();
    private readonly Option<ReportFormat> _format = SharedOptions.Format();

    /// <summary>Makes the verb.</summary>
    public ExportVerb()
        : base(
            "export",
            "Write an architecture to an ONNX file, with weights as they are before training.",
            "sepal export mobilenet-v2 --output mobilenet-v2.onnx",
            "sepal export mobilenet-v1-0.5 --output small.onnx --classes 10 --input 96x96x3 --seed 1")
    {
        Add(_model);
        foreach (Option option in (Option[])[_output, _input, _classes, _seed, _format])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string name = arguments.GetRequiredValue(_model);
        string path = arguments.GetRequiredValue(_output);
        ulong seed = arguments.GetValue(_seed);
        if (!path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
        {
            throw UsageException.ForOption("--output", path, "a file that ends in .onnx");
        }

        int[]? input = arguments.GetResult(_input) is null ? null : arguments.GetValue(_input);
        Architecture architecture = ModelSource.ResolveArchitecture(name).WithOptions(input, arguments.GetValue(_classes));
        Graph graph = architecture.BuildGraph();
        ModelCost cost = ModelCost.Of(graph);
        if (cost.TotalParameters > MostBytes / sizeof(float))
        {
            throw new SepalException(
                $"'{name}' would have {cost.TotalParameters:N0} parameters, more than the 2 GiB of an ONNX file hold. Choose a smaller width or fewer classes.");
        }

        using var model = new Model(graph);
        model.Initialize(seed);
        model.ExportOnnx(path);
        var result = new ExportReport(
            name,
            path,
            [.. architecture.InputShape.Select(dimension => dimension.Value)],
            architecture.Classes,
            seed,
            cost.TrainableParameters,
            new FileInfo(path).Length);
        terminal.Write(ExportReport.Of(result), arguments.GetValue(_format));
        return ExitCodes.Done;
    }
}
