using Sepal.Graphs;
using Sepal.Onnx.Import;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Onnx.Import;

/// <summary>Operators that move elements, on images that a convolution left channels-last, and in their forms since operator set 18.</summary>
public sealed class DataMovementImportTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2)]
    public void Concat_and_split_along_any_axis_of_an_image(int axis)
    {
        Check(Convolved().Node("Relu", "c", "r").Node("Concat", "c r", "z", ("axis", axis)).Output("z"));
        Check(Convolved().Initializer("s", TensorData.OfInt64(1, axis == 0 ? 1 : 3))
            .Node("Slice", "c starts ends axes", "part")
            .Initializer("starts", TensorData.OfInt64(0, 0, 0, 0)).Initializer("ends", TensorData.OfInt64(2, 4, 4, 4))
            .Initializer("axes", TensorData.OfInt64(0, 1, 2, 3))
            .Node("Split", "part s", "a b", ("axis", axis)).Output("a").Output("b"));
    }

    [Theory]
    [InlineData(7, 3)]
    [InlineData(8, 3)]
    public void Split_into_a_number_of_parts_of_which_the_last_is_smaller(int length, int count)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder(opset: 18)
            .Input("x", ElementType.Float32, 2, length)
            .Node("Split", "x", "a b c", ("axis", 1), ("num_outputs", count))
            .Output("a").Output("b").Output("c");
        ImportHarness.Check(builder.Model, new Dictionary<string, TensorData> { ["x"] = ImportHarness.Numbers(1, 2, length) });
    }

    [Fact]
    public void Slice_gather_and_pad_an_image()
    {
        Check(Convolved()
            .Initializer("starts", TensorData.OfInt64(-1, 1)).Initializer("ends", TensorData.OfInt64(long.MinValue, long.MaxValue))
            .Initializer("axes", TensorData.OfInt64(1, -1)).Initializer("steps", TensorData.OfInt64(-1, 2))
            .Node("Slice", "c starts ends axes steps", "z").Output("z"));
        Check(Convolved().Initializer("i", TensorData.OfInt64(2, -1, 2)).Node("Gather", "c i", "z", ("axis", 1)).Output("z"));
        Check(Convolved()
            .Initializer("i", TensorData.Of<long>(Shape.Scalar, ElementType.Int64, [-2]))
            .Node("Gather", "c i", "z", ("axis", 2)).Output("z"));
        Check(Convolved()
            .Initializer("i", TensorData.Of<int>([2, 2], ElementType.Int32, [0, 3, 1, -4]))
            .Node("Gather", "c i", "z", ("axis", -1)).Output("z"));
        Check(Convolved()
            .Initializer("i", TensorData.Of<long>([1, 2, 3, 1], ElementType.Int64, [0, 3, 1, -4, 2, 2]))
            .Node("GatherElements", "c i", "z", ("axis", 1)).Output("z"));
        foreach (string mode in (string[])["constant", "reflect", "edge"])
        {
            Check(Convolved(opset: 18)
                .Initializer("pads", TensorData.OfInt64(2, 1, 0, 2)).Initializer("axes", TensorData.OfInt64(-1, 1))
                .Node("Pad", "c pads - axes", "z", ("mode", mode)).Output("z"));
        }

        Check(Convolved()
            .Initializer("pads", TensorData.OfInt64(0, 0, -1, 2, 0, 1, 1, -1))
            .Initializer("value", TensorData.Of<float>(Shape.Scalar, ElementType.Float32, [2.5f]))
            .Node("Pad", "c pads value", "z").Output("z"));
    }

    [Fact]
    public void Transpose_expand_tile_and_squeeze_an_image()
    {
        Check(Convolved().Node("Transpose", "c", "z").Output("z"));
        Check(Convolved().Node("Transpose", "c", "z", ("perm", (int[])[1, 0, 2, 3])).Output("z"));
        Check(Convolved().Node("GlobalAveragePool", "c", "g")
            .Initializer("shape", TensorData.OfInt64(4, 3, 5)).Node("Expand", "g shape", "z").Output("z"));
        Check(Convolved().Initializer("repeats", TensorData.OfInt64(1, 2, 1, 3)).Node("Tile", "c repeats", "z").Output("z"));
        Check(Convolved().Node("GlobalMaxPool", "c", "g")
            .Initializer("axes", TensorData.OfInt64(2, -1)).Node("Squeeze", "g axes", "s")
            .Initializer("more", TensorData.OfInt64(0, -1)).Node("Unsqueeze", "s more", "z").Output("s").Output("z"));
    }

    [Theory]
    [InlineData("DCR")]
    [InlineData("CRD")]
    public void Depth_to_space_and_back(string mode)
    {
        Check(Convolved().Node("DepthToSpace", "c", "z", ("blocksize", 2), ("mode", mode)).Output("z"));
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "n", 12, 2, "w")
            .Node("DepthToSpace", "x", "d", ("blocksize", 2), ("mode", mode))
            .Node("SpaceToDepth", "d", "z", ("blocksize", 2)).Output("d").Output("z");
        ImportHarness.Check(builder.Model, new Dictionary<string, TensorData> { ["x"] = ImportHarness.Numbers(1, 2, 12, 2, 3) });
    }

    [Fact]
    public void A_file_with_channels_last_costs_no_transposition()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "n", 6, 5, 3)
            .Initializer("w", ImportHarness.Numbers(1, 4, 3, 3, 3))
            .Node("Transpose", "x", "first", ("perm", (int[])[0, 3, 1, 2]))
            .Node("Conv", "first w", "c")
            .Node("Transpose", "c", "z", ("perm", (int[])[0, 2, 3, 1]))
            .Output("z");
        ImportHarness.Check(builder.Model, new Dictionary<string, TensorData> { ["x"] = ImportHarness.Numbers(2, 2, 6, 5, 3) });
        ImportedGraph imported = ImportHarness.Import(builder.Model, new ImportRequest { Border = TensorLayout.Planar });
        Assert.DoesNotContain(imported.Graph.Nodes, node => node.Operator is Transpose);
    }

    [Fact]
    public void Casts_round_and_wrap_as_the_declared_type()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", ElementType.Float32, 6);
        foreach (ElementType type in (ElementType[])[ElementType.Float16, ElementType.Float64, ElementType.Int64, ElementType.UInt8, ElementType.Int16, ElementType.Boolean])
        {
            builder.Node("Cast", "x", $"to_{type}", ("to", (int)Sepal.Onnx.OnnxElementTypes.ToOnnx(type)))
                .Node("Cast", $"to_{type}", $"back_{type}", ("to", 1))
                .Output($"back_{type}");
        }

        TensorData input = TensorData.Of<float>([6], ElementType.Float32, [0, 1.75f, 200.9f, 0.1f, 100.5f, 3]);
        ImportHarness.Check(builder.Model, new Dictionary<string, TensorData> { ["x"] = input }, tolerance: 0);
    }

    /// <summary>An image of two examples, four channels, and an open height and width, as a convolution makes it.</summary>
    private static OnnxModelBuilder Convolved(int opset = 17) => new OnnxModelBuilder(opset)
        .Input("x", ElementType.Float32, "batch", 3, "height", "width")
        .Initializer("w", ImportHarness.Numbers(1, 4, 3, 1, 1))
        .Node("Conv", "x w", "c");

    private static void Check(OnnxModelBuilder builder) => ImportHarness.Check(
        builder.Model, new Dictionary<string, TensorData> { ["x"] = ImportHarness.Numbers(3, 2, 3, 6, 5) });
}
