using Google.Protobuf;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Onnx.Protocol;
using Sepal.Tests.Onnx;
using Sepal.Tests.Onnx.Import;
using Xunit;

namespace Sepal.Tests.Inference;

/// <summary>Sessions over files: the file's own names, shapes, types and axis order.</summary>
public sealed class OnnxSessionTests
{
    private static readonly ModelProto Network = new OnnxModelBuilder()
        .Input("image", ElementType.Float32, "N", 3, "H", 6)
        .Initializer("w", ImportHarness.Numbers(1, 4, 3, 3, 3))
        .Node("Conv", "image w", "features", ("pads", (int[])[1, 1, 1, 1]), ("strides", (int[])[2, 1]))
        .Node("Relu", "features", "active")
        .Node("Conv", "active v", "y")
        .Initializer("v", ImportHarness.Numbers(2, 2, 4, 1, 1))
        .Output("y").Output("active").Model;

    private static readonly ModelProto Reshaping = new OnnxModelBuilder()
        .Input("x", ElementType.Float32, "a", "b")
        .Input("shape", ElementType.Int64, 2)
        .Initializer("w", ImportHarness.Numbers(1, 1))
        .Node("Mul", "x w", "m")
        .Node("Reshape", "m shape", "y")
        .Output("y").Model;

    [Fact]
    public void The_border_is_the_files()
    {
        using InferenceSession session = Open(Network);

        Assert.Equal(["image Float32 (N, 3, H, 6)"], session.Inputs.Select(input => input.ToString()));
        Assert.Equal(["y", "active"], session.Outputs.Select(output => output.Name));
        Assert.Equal(4, session.Outputs[0].Shape.Rank);
        Check(session, Network, new() { ["image"] = ImportHarness.Numbers(3, 2, 3, 7, 6) });
        Check(session, Network, new() { ["image"] = ImportHarness.Numbers(3, 1, 3, 4, 6) });
    }

    [Fact]
    public void Inner_values_come_in_the_files_axis_order()
    {
        using InferenceSession session = Open(Network);
        Dictionary<string, TensorData> inputs = new() { ["image"] = ImportHarness.Numbers(3, 2, 3, 7, 6) };
        ModelProto withFeatures = Network.Clone();
        withFeatures.Graph.Output.Add(new ValueInfoProto { Name = "features", Type = withFeatures.Graph.Output[0].Type });
        TensorData expected = OnnxRuntimeHarness.Run(withFeatures.ToByteArray(), inputs, ["features"])["features"];

        IReadOnlyDictionary<string, TensorData> values = session.Run(inputs, ["features", "w", "y"]);

        Assert.Equal(["features", "w", "y"], values.Keys);
        AssertClose(expected, values["features"]);
        Assert.Equal(ImportHarness.Numbers(1, 4, 3, 3, 3).Bytes.ToArray(), values["w"].Bytes.ToArray());
        Assert.Equal(session.Run(inputs)["y"].Bytes.ToArray(), values["y"].Bytes.ToArray());
        Assert.Contains(
            "'nothing' is not made by any node", Assert.ThrowsAny<SepalException>(() => session.Run(inputs, ["nothing"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Some_of_the_outputs_need_no_second_import()
    {
        int opened = 0;
        var source = new OnnxGraphSource(
            () =>
            {
                opened++;
                return Network;
            },
            Sepal.Onnx.Files.NoExternalData.Instance,
            memoryLimit: 1 << 20);
        using var session = new InferenceSession(source, options: null);

        Assert.Equal(["active"], session.Run(new Dictionary<string, TensorData> { ["image"] = ImportHarness.Numbers(3, 1, 3, 4, 6) }, ["active"]).Keys);
        Assert.Equal(1, opened);
    }

    [Fact]
    public void Requests_have_the_files_axis_order()
    {
        using InferenceSession session = Open(Network);
        using InferenceRequest request = session.CreateRequest(new Dictionary<string, long> { ["H"] = 7, ["N"] = 2 });
        TensorData image = ImportHarness.Numbers(3, 2, 3, 7, 6);

        image.Elements<float>().CopyTo(request.Input<float>("image"));
        request.Run();

        Assert.Equal([2, 3, 7, 6], request.Inputs[0].Shape);
        Assert.Equal([2, 2, 4, 6], request.Outputs[0].Shape);
        Assert.Equal(
            session.Run(new Dictionary<string, TensorData> { ["image"] = image })["y"].Elements<float>().ToArray(),
            request.Output<float>("y").ToArray());
    }

    [Fact]
    public void Shapes_that_depend_on_elements_follow_them()
    {
        using InferenceSession session = Open(Reshaping);
        TensorData x = ImportHarness.Numbers(5, 2, 6);

        Assert.Equal(["x Float32 (a, b)", "shape Int64 (2)"], session.Inputs.Select(input => input.ToString()));
        Assert.Equal("y Float32 (…)", session.Outputs[0].ToString());
        foreach (long rows in (long[])[3, 4, 3, 1])
        {
            TensorData y = session.Run(new Dictionary<string, TensorData> { ["x"] = x, ["shape"] = TensorData.OfInt64(rows, -1) })["y"];
            Assert.Equal([rows, 12 / rows], y.Shape);
        }

        Assert.Equal(3, session.Plans.Count);
        Check(session, Reshaping, new() { ["x"] = x, ["shape"] = TensorData.OfInt64(6, 2) });
        Assert.StartsWith(
            "No request can be made for this model, since its shapes depend on elements of its inputs. Call session.Run.",
            Assert.ThrowsAny<SepalException>(() => session.CreateRequest(new Dictionary<string, long> { ["b"] = 1 })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Attributes_that_depend_on_open_sizes_follow_them()
    {
        ModelProto model = new OnnxModelBuilder(opset: 6)
            .Input("x", ElementType.Float32, 1, 2, "H", "W")
            .Initializer("w", ImportHarness.Numbers(1, 3, 2, 4, 3))
            .Node("Conv", "x w", "y", ("auto_pad", "SAME_LOWER"), ("strides", (int[])[2, 3]))
            .Output("y").Model;
        using InferenceSession session = Open(model);

        Check(session, model, new() { ["x"] = ImportHarness.Numbers(3, 1, 2, 10, 7) });
        Check(session, model, new() { ["x"] = ImportHarness.Numbers(3, 1, 2, 11, 8) });
        using InferenceRequest request = session.CreateRequest(new Dictionary<string, long> { ["H"] = 10, ["W"] = 7 });
        Assert.Equal([1, 3, 5, 3], request.Outputs[0].Shape);
    }

    [Fact]
    public void Other_types_are_cast_at_the_border()
    {
        ModelProto model = new OnnxModelBuilder()
            .Input("x", ElementType.Float64, "n", 2)
            .Node("Add", "x x", "y")
            .Output("y", ElementType.Float64).Model;
        using InferenceSession session = Open(model);

        TensorData y = session.Run(new Dictionary<string, TensorData> { ["x"] = TensorData.Of<double>([1, 2], ElementType.Float64, [1.5, -2]) })["y"];

        Assert.Equal((ElementType.Float64, ElementType.Float64), (session.Inputs[0].ElementType, session.Outputs[0].ElementType));
        Assert.Equal([3, -4], y.Elements<double>().ToArray());
    }

    [Fact]
    public void Many_callers_specialise_at_once()
    {
        using InferenceSession session = Open(Reshaping);
        TensorData x = ImportHarness.Numbers(5, 2, 6);
        var failures = new Exception?[8];
        Thread[] threads = [.. Enumerable.Range(0, failures.Length).Select(caller => new Thread(() => failures[caller] = Record.Exception(() =>
        {
            for (int run = 0; run < 30; run++)
            {
                long rows = ((caller + run) % 4) + 1;
                TensorData y = session.Run(new Dictionary<string, TensorData> { ["x"] = x, ["shape"] = TensorData.OfInt64(rows, -1) })["y"];
                Assert.Equal([rows, 12 / rows], y.Shape);
            }
        })))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.All(failures, Assert.Null);
    }

    [Fact]
    public void Files_and_streams_and_memory_are_opened()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("model.onnx");
        File.WriteAllBytes(path, Network.ToByteArray());
        var inputs = new Dictionary<string, TensorData> { ["image"] = ImportHarness.Numbers(3, 1, 3, 4, 6) };
        using var fromFile = new InferenceSession(path);
        using var fromMemory = new InferenceSession(Network.ToByteArray().AsMemory());
        using var stream = new MemoryStream(Network.ToByteArray());
        using var fromStream = new InferenceSession(stream);

        byte[] expected = fromFile.Run(inputs)["y"].Bytes.ToArray();
        Assert.Equal(expected, fromMemory.Run(inputs, ["features", "y"])["y"].Bytes.ToArray());
        Assert.Equal(expected, fromStream.Run(inputs, ["features", "y"])["y"].Bytes.ToArray());
        Assert.Equal(expected, fromFile.Run(inputs, ["features", "y"])["y"].Bytes.ToArray());
        Assert.ThrowsAny<SepalException>(() => new InferenceSession(directory.File("none.onnx")));
        Assert.ThrowsAny<SepalException>(() => new InferenceSession(Network.ToByteArray().AsMemory(), new SessionOptions { MemoryLimit = 100 }));
    }

    private static InferenceSession Open(ModelProto model) => new(model.ToByteArray().AsMemory());

    private static void Check(InferenceSession session, ModelProto model, Dictionary<string, TensorData> inputs)
    {
        IReadOnlyDictionary<string, TensorData> outputs = session.Run(inputs);
        foreach ((string name, TensorData expected) in OnnxRuntimeHarness.Run(model, inputs))
        {
            AssertClose(expected, outputs[name]);
        }
    }

    private static void AssertClose(TensorData expected, TensorData received)
    {
        Assert.Equal(expected.Shape, received.Shape);
        Assert.All(
            expected.Elements<float>().ToArray().Zip(received.Elements<float>().ToArray()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }
}
