using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Onnx.Files;
using Sepal.Onnx.Protocol;

namespace Sepal.Tests.Onnx.Backend;

/// <summary>One case of the ONNX backend tests: a folder with a model, and folders with inputs and what they must give.</summary>
/// <param name="Suite">The folder of the suite: <c>node</c>, <c>pytorch-operator</c>, <c>pytorch-converted</c>.</param>
/// <param name="Name">The case's folder.</param>
internal sealed record BackendCase(string Suite, string Name)
{
    /// <summary>Where Debian's package <c>libonnx-testdata</c> puts the suites.</summary>
    private const string Data = "/usr/share/libonnx-testdata/data";

    private static readonly string[] Suites = ["node", "pytorch-operator", "pytorch-converted"];

    /// <summary>Why nothing can be run; null where the data are there.</summary>
    public static string? MissingData { get; } = Directory.Exists(Data)
        ? null
        : "The Debian package libonnx-testdata is not installed: ./test --install installs it.";

    public string Folder => Path.Combine(Data, Suite, Name);

    /// <summary>The number of cases in the suites, whatever their operators.</summary>
    public static int TotalCount { get; } = MissingData is null ? All().Count() : 0;

    /// <summary>Every case whose operators are all on the list of supported ones.</summary>
    public static IReadOnlyList<BackendCase> Listed { get; } = MissingData is null ? [.. All().Where(HasListedOperators)] : [];

    public ModelProto Model => OnnxFile.Read(Path.Combine(Folder, "model.onnx"));

    /// <summary>The case's sets of inputs and expected outputs, both in the order of the model's.</summary>
    public IEnumerable<(TensorData[] Inputs, TensorData[] Outputs)> DataSets() =>
        Directory.GetDirectories(Folder, "test_data_set_*").Order(StringComparer.Ordinal).Select(set => (Read(set, "input"), Read(set, "output")));

    public override string ToString() => $"{Suite}/{Name}";

    private static TensorData[] Read(string folder, string kind) =>
    [
        .. Enumerable.Range(0, Directory.GetFiles(folder, $"{kind}_*.pb").Length)
            .Select(index => OnnxTensor.Read(OnnxFile.ReadTensor(Path.Combine(folder, $"{kind}_{index}.pb")), NoExternalData.Instance)),
    ];

    private static IEnumerable<BackendCase> All() =>
        from suite in Suites
        from folder in Directory.GetDirectories(Path.Combine(Data, suite)).Order(StringComparer.Ordinal)
        select new BackendCase(suite, Path.GetFileName(folder));

    private static bool HasListedOperators(BackendCase @case) =>
        @case.Model.Graph.Node.All(node => node.Domain is "" or "ai.onnx" && ListedOperators.Names.Contains(node.OpType));
}
