using Sepal.Graphs;
using Sepal.Onnx.Files;
using Xunit;

namespace Sepal.Tests.Onnx.Import;

/// <summary>Whole networks by PyTorch's exporter, against ONNX Runtime.</summary>
public sealed class FixtureTests
{
    public static TheoryData<string, int> Runs
    {
        get
        {
            var runs = new TheoryData<string, int>();
            foreach (string name in Fixture.Names)
            {
                runs.Add(name, 1);
                runs.Add(name, 3);
            }

            return runs;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_network_gives_the_outputs_of_ONNX_Runtime(string name, int batch) => ImportHarness.Check(
        OnnxFile.Read(Fixture.Path(name)),
        new Dictionary<string, TensorData> { ["input"] = ImportHarness.Numbers(batch, batch, 3, 96, 96) });
}
