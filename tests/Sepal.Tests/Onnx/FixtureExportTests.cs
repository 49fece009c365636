using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Onnx.Protocol;
using Xunit;

namespace Sepal.Tests.Onnx;

/// <summary>Networks by PyTorch's exporter, read and written again: ONNX Runtime gives the same with both files.</summary>
public sealed class FixtureExportTests
{
    public static TheoryData<string> Names => [.. Fixture.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_that_is_written_again_gives_what_it_gave(string name)
    {
        byte[] original = Fixture.Bytes(name);
        using Model model = OnnxModel.Import(original);
        ModelProto exported = ExportHarness.Export(model);
        foreach (int batch in (int[])[1, 3])
        {
            var inputs = new Dictionary<string, TensorData> { ["input"] = Import.ImportHarness.Numbers(batch, batch, 3, 96, 96) };
            TensorData expected = OnnxRuntimeHarness.Run(original, inputs).Values.Single();

            ExportHarness.AssertNear(expected, OnnxRuntimeHarness.Run(exported, inputs).Values.Single(), 1e-4, $"{name}, batch {batch}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_that_is_written_twice_is_the_same_file(string name)
    {
        using Model model = OnnxModel.Import(Fixture.Bytes(name));
        byte[] once = ExportHarness.Bytes(ExportHarness.Export(model));
        using Model restored = OnnxModel.Import(once);

        Assert.Equal(once, ExportHarness.Bytes(ExportHarness.Export(restored)));
    }
}
