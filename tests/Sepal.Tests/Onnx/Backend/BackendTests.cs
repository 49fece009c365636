using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Onnx.Protocol;
using Xunit;

namespace Sepal.Tests.Onnx.Backend;

/// <summary>
/// The ONNX project's own tests of operators: every case whose operators are on the list, with all its element types, except
/// those that <see cref="ExcludedCases"/> gives a reason for.
/// </summary>
public sealed class BackendTests
{
    public static TheoryData<string> Cases => BackendCase.Listed.Count > 0
        ? [.. BackendCase.Listed.Where(@case => ExcludedCases.Reason(@case) is null).Select(@case => @case.ToString())]
        : ["none"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case(string name)
    {
        Assert.SkipWhen(BackendCase.MissingData is not null, BackendCase.MissingData ?? string.Empty);
        string[] parts = name.Split('/');
        var @case = new BackendCase(parts[0], parts[1]);
        ModelProto model = @case.Model;
        using var session = new InferenceSession(Path.Combine(@case.Folder, "model.onnx"), new SessionOptions { Threads = 1 });
        foreach ((TensorData[] inputs, TensorData[] outputs) in @case.DataSets())
        {
            var given = model.Graph.Input.Zip(inputs).ToDictionary(pair => pair.First.Name, pair => AsDeclared(pair.First, pair.Second));
            IReadOnlyDictionary<string, TensorData> actual = session.Run(given, TestContext.Current.CancellationToken);
            foreach ((ValueInfoProto output, TensorData expected) in model.Graph.Output.Zip(outputs))
            {
                BackendComparer.AssertEqual(expected, actual[output.Name], output.Name);
            }
        }
    }

    /// <summary>The suite stores bfloat16 as 16-bit integers.</summary>
    private static TensorData AsDeclared(ValueInfoProto input, TensorData data) =>
        input.Type.TensorType.ElemType == (int)TensorProto.Types.DataType.Bfloat16
            ? new TensorData(data.Shape, ElementType.BFloat16, data.Bytes)
            : data;

    [Fact]
    public void Every_excluded_case_exists_and_the_page_states_the_counts()
    {
        Assert.SkipWhen(BackendCase.MissingData is not null, BackendCase.MissingData ?? string.Empty);
        var listed = BackendCase.Listed.Select(@case => @case.ToString()).ToHashSet();
        Assert.DoesNotContain(ExcludedCases.Names, name => !listed.Contains(name));
        string counts = $"{listed.Count - ExcludedCases.Names.Count} of the {listed.Count} cases of these operators pass, of {BackendCase.TotalCount} in the suites";
        Assert.Contains(counts, File.ReadAllText(Repository.Path("docs/onnx.md")), StringComparison.Ordinal);
    }
}
