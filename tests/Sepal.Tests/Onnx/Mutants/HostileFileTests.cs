using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Sepal.Graphs;
using Sepal.Onnx.Protocol;
using Sepal.Tests.Onnx.Import;
using Xunit;

namespace Sepal.Tests.Onnx.Mutants;

/// <summary>Files made to take time or memory out of proportion. Alone in the process, since its memory is measured.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HostileFileTests
{
    internal const string Name = "hostile files";
    private const int Many = 100_000;

    private static readonly Dictionary<string, (Func<byte[]> Make, bool Runs)> Cases = new(StringComparer.Ordinal)
    {
        ["nothing"] = (() => [], false),
        ["a cycle"] = (() => Bytes(Start().Node("Add", "x b", "a").Node("Relu", "a", "b").Output("b")), false),
        ["a node that reads itself"] = (() => Bytes(Start().Node("Add", "x a", "a").Output("a")), false),
        ["a chain of many nodes"] = (() => Bytes(Repeat(5_000, (builder, index) => builder.Node("Relu", Link(index), Link(index + 1)))), true),
        ["many nodes of one name"] = (() => Bytes(Renamed(Repeat(5_000, (builder, index) => builder.Node("Relu", Link(index), Link(index + 1))))), true),
        ["a node of many inputs"] = (() => Bytes(Start().Node("Concat", Blanks(Many, _ => "x"), "z", ("axis", 0)).Output("z")), true),
        ["a sum of many inputs"] = (() => Bytes(Start().Node("Sum", Blanks(4_000, _ => "x"), "z").Output("z")), true),
        ["many open sizes"] = (() => Bytes(Inputs(20_000).Node("Concat", Blanks(20_000, index => $"i{index}"), "z", ("axis", 0)).Output("z")), false),
        ["sizes squared again and again"] = (() => Bytes(Repeat(60, (builder, index) => builder.Node("Mul", Link(index), Link(index + 1)), "Shape", 2)), false),
        ["sizes joined again and again"] = (() => Bytes(Repeat(60, (builder, index) => builder.Node("Concat", $"{Link(index)} {Link(index)}", Link(index + 1), ("axis", 0)), "Shape")), false),
        ["sizes divided again and again"] = (() => Bytes(Repeat(
            20_000, (builder, index) => builder.Node(index % 2 == 0 ? "Add" : "Div", $"{Link(index)} two", Link(index + 1)), "Shape")), false),
        ["a long name of a size"] = (() => Bytes(new OnnxModelBuilder().Input("x", ElementType.Float32, new string('n', 1 << 20), 2).Node("Relu", "x", "z").Output("z")), false),
        ["a tensor repeated"] = (() => Bytes(Start().Initializer("r", TensorData.OfInt64(1L << 20, 1L << 20)).Node("Tile", "x r", "z").Output("z")), false),
        ["a tensor expanded"] = (() => Bytes(Start().Initializer("r", TensorData.OfInt64(1L << 40, 2, 2)).Node("Expand", "x r", "z").Output("z")), false),
        ["a constant of 2^40"] = (() => Bytes(Start().Initializer("r", TensorData.OfInt64(1L << 20, 1L << 20)).Node("ConstantOfShape", "r", "z").Output("z")), false),
        ["sizes that overflow"] = (() => Bytes(Start().Initializer("r", TensorData.OfInt64(1L << 62, 1L << 62)).Node("ConstantOfShape", "r", "z").Output("z")), false),
        ["many constants"] = (() => Bytes(Repeat(
            200, (builder, index) => builder.Node("ConstantOfShape", "r", $"c{index}").Node("Add", $"{Link(index)} c{index}", Link(index + 1)), initializer: TensorData.OfInt64(1 << 12, 1 << 13))), false),
        ["many ranges"] = (() => Bytes(Repeat(
            100, (builder, index) => builder.Node("Range", "zero far one", $"c{index}").Node("Add", $"{Link(index)} c{index}", Link(index + 1)))), false),
        ["a range without end"] = (() => Bytes(Start().Initializer("step", Scalar(0)).Node("Range", "zero far step", "z").Output("z")), false),
        ["a tensor of 2^40 elements"] = (() => Bytes(Claiming(1L << 20, 1L << 20)), false),
        ["a tensor of -1 elements"] = (() => Bytes(Claiming(-1, 1)), false),
        ["a tensor of many dimensions"] = (() => Bytes(Claiming([.. Enumerable.Repeat(1L, Many)])), false),
        ["many dimensions put in"] = (() => Bytes(Start()
            .Initializer("r", TensorData.OfInt64([.. Enumerable.Range(0, Many).Select(axis => (long)axis)])).Node("Unsqueeze", "x r", "z").Output("z")), false),
        ["a pad beyond reason"] = (() => Bytes(Start().Initializer("r", TensorData.OfInt64(0, 1L << 40, 0, 1)).Node("Pad", "x r", "z").Output("z")), false),
        ["a pad of the least number"] = (() => Bytes(Start().Initializer("r", TensorData.OfInt64(0, long.MinValue, 0, 1)).Node("Pad", "x r", "z").Output("z")), false),
        ["a scale beyond reason"] = (() => Bytes(Start().Initializer("r", TensorData.Of<float>([2], ElementType.Float32, [1e30f, 1])).Node("Resize", "x - r", "z").Output("z")), false),
        ["messages in messages"] = (Nested, false),
        ["text where a tensor belongs"] = (() => Bytes(Start().Node("Constant", string.Empty, "z", ("value", "text")).Output("z")), false),
        ["integers where floats belong"] = (() => Bytes(Start().Node("Conv", "x two", "z").Output("z")), false),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Time_and_memory_stay_in_bounds(string name)
    {
        byte[] file = Cases[name].Make();
        PeakMemory.Reset();
        long before = PeakMemory.Bytes();
        var watch = Stopwatch.StartNew();

        string? error = MutantRun.Try(file);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.InRange(PeakMemory.Bytes() - before, long.MinValue, 1L << 30);
        Assert.True(Cases[name].Runs == error is null, $"{error ?? "It ran."}");
    }

    [Fact]
    public void No_beginning_of_a_file_is_read_as_a_whole_one_or_crashes()
    {
        byte[] whole = Corpus.Bytes("numbers");
        for (int length = 0; length < whole.Length; length++)
        {
            _ = MutantRun.Try(whole[..length]);
        }
    }

    private static OnnxModelBuilder Start() => new OnnxModelBuilder()
        .Input("x", ElementType.Float32, "n", 2).Initializer("two", TensorData.OfInt64(2))
        .Initializer("zero", Scalar(0)).Initializer("one", Scalar(1)).Initializer("far", Scalar(1 << 24));

    private static TensorData Scalar(long number) => TensorData.Of<long>(Shape.Scalar, ElementType.Int64, [number]);

    private static byte[] Bytes(OnnxModelBuilder builder) => ExportHarness.Bytes(builder.Model);

    private static string Link(int index) => string.Create(CultureInfo.InvariantCulture, $"v{index}");

    private static string Blanks(int count, Func<int, string> name) => string.Join(' ', Enumerable.Range(0, count).Select(name));

    /// <summary>One node after another; each reads the link of its number and makes the next.</summary>
    private static OnnxModelBuilder Repeat(
        int count, Action<OnnxModelBuilder, int> add, string first = "Identity", int copies = 1, TensorData? initializer = null)
    {
        OnnxModelBuilder builder = Start().Node(first, "x", Link(0));
        if (initializer is not null)
        {
            builder.Initializer("r", initializer);
        }

        for (int index = 0; index < count; index++)
        {
            add(builder, index);
            NodeProto node = builder.Model.Graph.Node[^1];
            while (node.Input.Count < copies)
            {
                node.Input.Add(node.Input[0]);
            }
        }

        return first == "Shape"
            ? builder.Node("ConstantOfShape", Link(count), "z").Output("z")
            : builder.Output(Link(count));
    }

    private static OnnxModelBuilder Renamed(OnnxModelBuilder builder)
    {
        foreach (NodeProto node in builder.Model.Graph.Node)
        {
            node.Name = "same";
        }

        return builder;
    }

    private static OnnxModelBuilder Inputs(int count)
    {
        var builder = new OnnxModelBuilder();
        for (int index = 0; index < count; index++)
        {
            builder.Input($"i{index}", ElementType.Float32, $"n{index}", 2);
        }

        return builder;
    }

    private static OnnxModelBuilder Claiming(params long[] dimensions)
    {
        OnnxModelBuilder builder = Start().Initializer("r", ImportHarness.Numbers(1, 1)).Node("Add", "x r", "z").Output("z");
        TensorProto tensor = builder.Model.Graph.Initializer[^1];
        tensor.Dims.Clear();
        tensor.Dims.AddRange(dimensions);
        return builder;
    }

    /// <summary>A graph in an attribute of a node of a graph, and so on.</summary>
    private static byte[] Nested()
    {
        byte[] graph = [];
        for (int level = 0; level < 2000; level++)
        {
            // GraphProto.node = 1 of NodeProto.attribute = 5 of AttributeProto.g = 6.
            graph = Field(1, Field(5, Field(6, graph)));
        }

        return Field(7, graph);
    }

    private static byte[] Field(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(content));
        output.Flush();
        return stream.ToArray();
    }
}
