using System.Text.Json;
using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Onnx;
using Sepal.Onnx.Files;
using Sepal.Onnx.Import;
using Sepal.Onnx.Metadata;
using Sepal.Onnx.Protocol;
using Xunit;

namespace Sepal.Tests.Onnx;

public sealed class MetadataTests
{
    private static readonly OnnxExportOptions Everything = new()
    {
        Preprocessing = new ImagePreprocessing
        {
            Size = (20, 24),
            ShorterSide = 30,
            Channels = ImageChannels.Bgr,
            Scale = 0.5f,
            Mean = [1, 2, 3],
            StandardDeviation = [0.1f, 0.2f, 0.3f],
        },
        ClassNames = ["ant", "Bär \"x\"", "猫"],
    };

    [Fact]
    public void What_happens_before_the_graph_comes_back()
    {
        using Model model = Network();

        ModelMetadata metadata = MetadataEntries.Read(ExportHarness.Export(model, Everything));

        Assert.Equal("input", metadata.InputName);
        Assert.Equal(new Shape(20, 24, 3), metadata.InputShape);
        Assert.Equal(["ant", "Bär \"x\"", "猫"], metadata.ClassNames);
        ImagePreprocessing preprocessing = metadata.Preprocessing!;
        Assert.Equal(new Size2D(20, 24), preprocessing.Size);
        Assert.Equal(30, preprocessing.ShorterSide);
        Assert.Equal(ImageChannels.Bgr, preprocessing.Channels);
        Assert.Equal(0.5f, preprocessing.Scale);
        Assert.Equal([1f, 2, 3], preprocessing.Mean);
        Assert.Equal([0.1f, 0.2f, 0.3f], preprocessing.StandardDeviation);
    }

    [Fact]
    public void What_nobody_said_is_not_there()
    {
        using Model model = Network();

        ModelMetadata metadata = MetadataEntries.Read(ExportHarness.Export(model));
        ModelMetadata foreign = MetadataEntries.Read(new ModelProto { Graph = new GraphProto() });

        Assert.Null(metadata.Preprocessing);
        Assert.Empty(metadata.ClassNames);
        Assert.Null(foreign.InputName);
        Assert.Null(foreign.InputShape);
        Assert.Null(MetadataEntries.ReadGraph(new ModelProto { Graph = new GraphProto() }));
    }

    [Fact]
    public void An_entry_by_hand_may_leave_things_out()
    {
        var model = new ModelProto { Graph = new GraphProto() };
        Set(model, MetadataEntries.Preprocessing, """{"mean":[0.5],"channels":"Grey"}""");

        ImagePreprocessing preprocessing = MetadataEntries.Read(model).Preprocessing!;

        Assert.Equal(ImageChannels.Grey, preprocessing.Channels);
        Assert.Equal(1f / 255, preprocessing.Scale);
        Assert.Equal([0.5f], preprocessing.Mean);
        Assert.Empty(preprocessing.StandardDeviation);
        Assert.Null(preprocessing.Size);
    }

    [Theory]
    [InlineData(MetadataEntries.Preprocessing, "{")]
    [InlineData(MetadataEntries.Preprocessing, "null")]
    [InlineData(MetadataEntries.Preprocessing, """{"size":[3]}""")]
    [InlineData(MetadataEntries.Preprocessing, """{"size":[0,3]}""")]
    [InlineData(MetadataEntries.Preprocessing, """{"mean":null}""")]
    [InlineData(MetadataEntries.Preprocessing, """{"mean":[1,2]}""")]
    [InlineData(MetadataEntries.Preprocessing, """{"standardDeviation":[1,0,1]}""")]
    [InlineData(MetadataEntries.Preprocessing, """{"channels":"Cmyk"}""")]
    [InlineData(MetadataEntries.Preprocessing, """{"channels":7}""")]
    [InlineData(MetadataEntries.Input, """{"name":"x"}""")]
    [InlineData(MetadataEntries.Input, """{"name":"x","shape":[1.5]}""")]
    [InlineData(MetadataEntries.Input, """{"name":"x","shape":7}""")]
    [InlineData(MetadataEntries.Input, """{"name":"x","shape":[" "]}""")]
    [InlineData(MetadataEntries.Input, """{"name":"x","shape":[[7]]}""")]
    [InlineData(MetadataEntries.Input, """{"name":"x","shape":[[["h"]]]}""")]
    [InlineData(MetadataEntries.Input, """{"name":"x","shape":[[[2,3]]]}""")]
    [InlineData(MetadataEntries.Input, """{"name":"x","shape":[[[2,["h",0]]]]}""")]
    [InlineData(MetadataEntries.Input, """{"name":"x","shape":[[[2,["h"]]]]}""")]
    [InlineData(MetadataEntries.Input, """{"name":"x","shape":[[[2,["h",3,4]]]]}""")]
    [InlineData(MetadataEntries.Input, """{"name":"x","shape":[[[9223372036854775807],[1]]]}""")]
    [InlineData(MetadataEntries.Classes, """{"0":"zero"}""")]
    public void A_damaged_entry_is_named(string key, string value)
    {
        var model = new ModelProto { Graph = new GraphProto() };
        Set(model, key, value);

        OnnxException error = Assert.Throws<OnnxException>(() => MetadataEntries.Read(model));
        Assert.True(error.Message.Contains(key, StringComparison.Ordinal) || error.Message.StartsWith("The preprocessing has", StringComparison.Ordinal), error.Message);
    }

    [Fact]
    public void Entries_of_another_version_are_left_alone()
    {
        var model = new ModelProto { Graph = new GraphProto() };
        Set(model, MetadataEntries.Version, "2");
        Set(model, MetadataEntries.Classes, "{{");

        Assert.Empty(MetadataEntries.Read(model).ClassNames);
    }

    [Fact]
    public void Preprocessing_that_makes_no_sense_is_not_written()
    {
        using Model model = Network();

        Assert.Throws<OnnxException>(() => ExportHarness.Export(model, new OnnxExportOptions { Preprocessing = new ImagePreprocessing { Scale = float.NaN } }));
        Assert.Throws<OnnxException>(() => ExportHarness.Export(model, new OnnxExportOptions { Preprocessing = new ImagePreprocessing { ShorterSide = 0 } }));
    }

    [Fact]
    public void The_description_belongs_to_the_nodes_it_was_written_for()
    {
        using Model model = Network();
        ModelProto exported = ExportHarness.Export(model);
        Assert.NotNull(MetadataEntries.ReadGraph(exported));

        // Other numbers are welcome, other nodes, attributes or shapes are not.
        exported.Graph.Initializer[0].RawData = Google.Protobuf.ByteString.CopyFrom(new byte[exported.Graph.Initializer[0].RawData.Length]);
        Assert.NotNull(MetadataEntries.ReadGraph(exported));

        Action<GraphProto>[] changes =
        [
            graph => graph.Node.RemoveAt(1),
            graph => graph.Node[0].Attribute[0].Ints[0]++,
            graph => graph.Node[0].Name += "x",
            graph => graph.Initializer[0].Dims[0]++,
            graph => graph.Output[0].Type.TensorType.ElemType = 11,
        ];
        foreach (Action<GraphProto> change in changes)
        {
            ModelProto changed = exported.Clone();
            change(changed.Graph);
            Assert.Null(MetadataEntries.ReadGraph(changed));
        }
    }

    [Fact]
    public void A_description_that_contradicts_the_file_is_refused()
    {
        using Model model = Network();
        ModelProto exported = ExportHarness.Export(model);
        GraphDescription description = MetadataEntries.ReadGraph(exported)!;
        ParameterDescription first = description.Parameters[0];
        NodeDescription node = description.Nodes[0];
        GraphDescription[] damaged =
        [
            description with { Outputs = ["none"] },
            description with { Outputs = [] },
            description with { Parameters = [first with { Stored = first.Stored with { Initializer = "none" } }] },
            description with { Parameters = [first with { Stored = first.Stored with { Order = [0, 0, 1, 2] } }] },
            description with { Parameters = [first with { Stored = first.Stored with { Order = [0] } }] },
            description with { Parameters = [first with { Stored = first.Stored with { Shape = [1, 2, 3, 4] } }] },
            description with { Parameters = [first, first] },
            description with { Inputs = [description.Inputs[0], description.Inputs[0]] },
            description with { Nodes = [node with { Operator = "Magic" }] },
            description with { Nodes = [node with { Outputs = [] }] },
            description with { Nodes = [node with { Inputs = ["none"] }] },
            description with { Nodes = [node with { Attributes = description.Nodes[1].Attributes }] },
            description with { Nodes = [node with { Attributes = Json("""{"filters":4}""") }] },
            description with { Nodes = [node with { Operator = "Unary", Attributes = Json("""{"function":99}""") }] },
            description with { Nodes = [node with { Operator = "Unary", Attributes = Json("""{"function":"Relu"}""") }] },
            description with { Nodes = [node with { Operator = "Resize", Attributes = Json("""{"mode":"Linear","sizes":["batch",3,3,1],"scales":null}""") }] },
            description with { Nodes = [node with { Operator = "Resize", Inputs = [node.Inputs[0]], Attributes = Json("""{"mode":"Linear","sizes":[3]}""") }] },
            description with { Nodes = [node with { Operator = "Resize", Inputs = [node.Inputs[0]], Attributes = Json("""{"mode":"Linear","sizes":["batch",3,3,1]}""") }] },
            description with { Nodes = [node with { Operator = "Slice", Inputs = [node.Inputs[0]], Attributes = Json("""{"starts":null,"ends":[1],"axes":[1],"steps":[1]}""") }] },
            description with { Nodes = [node with { Operator = "Tile", Inputs = [node.Inputs[0]], Attributes = Json("{}") }] },
            description with { Nodes = [node with { Operator = "Split", Inputs = [node.Inputs[0]], Attributes = Json("""{"axis":1,"sizes":[9223372036854775807,9223372036854775807]}""") }] },
            description with { Nodes = [node with { Attributes = Json("[]") }] },
            description with { Nodes = [node with { Attributes = Json("null") }] },
            description with { Nodes = [node with { Name = " " }] },
        ];

        Assert.All(damaged, wrong => Assert.ThrowsAny<SepalException>(() => GraphRestoration.Restore(wrong, exported, NoExternalData.Instance, new MemoryBudget(long.MaxValue))));
    }

    [Theory]
    [InlineData("[[1]", ",[1]", "]")]
    [InlineData("[[1", ",\"h\"", "]]")]
    public void Dimensions_longer_than_any_are_refused(string start, string more, string end)
    {
        var model = new ModelProto { Graph = new GraphProto() };
        string dimension = start + string.Concat(Enumerable.Repeat(more, 100)) + end;
        Set(model, MetadataEntries.Input, $$"""{"name":"x","shape":[{{dimension}}]}""");

        Assert.Contains("at most 64 terms", Assert.Throws<OnnxException>(() => MetadataEntries.Read(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_dimensions_come_back_as_the_expressions_they_were()
    {
        Dimension height = Dimension.Symbol("height");
        Dimension half = Dimension.FloorDivide(height - 1, 2);
        Shape shape =
        [
            Dimension.Batch, 7, (2 * height) + 3, height * height * Dimension.Batch, 1 - height, half * height * 3,
            Dimension.FloorDivide((3 * half) + 1, height + 1), Dimension.Symbol("2 + 3"),
        ];

        string text = JsonSerializer.Serialize(new InputEntry { Name = "x", Shape = shape }, MetadataJson.Default.InputEntry);

        Assert.Equal(shape, JsonSerializer.Deserialize(text, MetadataJson.Default.InputEntry)!.Shape);
        Assert.StartsWith("""{"name":"x","shape":["batch",7,[[3],[2,"height"]],""", text, StringComparison.Ordinal);
    }

    private static void Set(ModelProto model, string key, string value) =>
        model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static Sequential Network() => [new Input(20, 24, 3), new Conv2D(4, 3), new MaxPooling2D(), new Flatten(), new Dense(3)];
}
