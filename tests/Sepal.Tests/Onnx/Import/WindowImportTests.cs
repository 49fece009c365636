using Sepal.Graphs;
using Xunit;

namespace Sepal.Tests.Onnx.Import;

/// <summary>Pooling, transposed convolution and resizing against ONNX Runtime, in the forms that the backend tests lack.</summary>
public sealed class WindowImportTests
{
    [Theory]
    [InlineData("MaxPool", 0)]
    [InlineData("AveragePool", 0)]
    [InlineData("AveragePool", 1)]
    public void Pooling_with_every_attribute(string operatorType, int countIncludePad)
    {
        foreach (int ceilMode in (int[])[0, 1])
        {
            (string, object)[] attributes =
            [
                ("kernel_shape", (int[])[3, 2]), ("strides", (int[])[2, 3]), ("pads", (int[])[1, 0, 1, 1]), ("ceil_mode", ceilMode),
                .. countIncludePad == 0 ? [] : new (string, object)[] { ("count_include_pad", 1) },
            ];
            OnnxModelBuilder builder = new OnnxModelBuilder(opset: 19)
                .Input("x", ElementType.Float32, "n", 3, "h", "w").Node(operatorType, "x", "y", attributes).Output("y");
            ImportHarness.Check(builder.Model, Image(2, 3, 8, 9));
        }
    }

    [Theory]
    [InlineData("SAME_UPPER")]
    [InlineData("SAME_LOWER")]
    [InlineData("VALID")]
    public void Pooling_with_automatic_padding(string mode)
    {
        foreach (string operatorType in (string[])["MaxPool", "AveragePool"])
        {
            OnnxModelBuilder builder = new OnnxModelBuilder(opset: 11)
                .Input("x", ElementType.Float32, 2, 3, 8, 9)
                .Node(operatorType, "x", "y", ("kernel_shape", (int[])[3, 2]), ("strides", (int[])[2, 2]), ("auto_pad", mode))
                .Output("y");
            ImportHarness.Check(builder.Model, Image(2, 3, 8, 9));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Maximum_pooling_with_indices_and_dilation(int storageOrder)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", ElementType.Float32, 2, 3, 8, 9)
            .Node("MaxPool", "x", "y i", ("kernel_shape", (int[])[2, 3]), ("dilations", (int[])[2, 1]), ("storage_order", storageOrder))
            .Output("y").Output("i", ElementType.Int64);
        ImportHarness.Check(builder.Model, Image(2, 3, 8, 9));
    }

    [Fact]
    public void Pooling_in_one_dimension()
    {
        foreach (string operatorType in (string[])["MaxPool", "AveragePool"])
        {
            OnnxModelBuilder builder = new OnnxModelBuilder()
                .Input("x", ElementType.Float32, "n", 3, "l")
                .Node(operatorType, "x", "y", ("kernel_shape", (int[])[3]), ("pads", (int[])[1, 0]))
                .Node(operatorType == "MaxPool" ? "GlobalMaxPool" : "GlobalAveragePool", "y", "z").Output("y").Output("z");
            ImportHarness.Check(builder.Model, Image(2, 3, 8));
        }
    }

    [Theory]
    [InlineData(1, new[] { 1, 1 }, new[] { 0, 0, 0, 0 }, new[] { 1, 1 }, new[] { 0, 0 })]
    [InlineData(2, new[] { 2, 2 }, new[] { 1, 1, 1, 1 }, new[] { 1, 1 }, new[] { 1, 1 })]
    [InlineData(1, new[] { 3, 2 }, new[] { 0, 2, 1, 0 }, new[] { 2, 1 }, new[] { 2, 0 })]
    [InlineData(4, new[] { 2, 1 }, new[] { 1, 0, 1, 0 }, new[] { 1, 1 }, new[] { 0, 0 })]
    public void Transposed_convolution(int groups, int[] strides, int[] pads, int[] dilations, int[] outputPadding)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "n", 4, "h", 5)
            .Initializer("w", ImportHarness.Numbers(1, 4, 8 / groups, 3, 3)).Initializer("b", ImportHarness.Numbers(2, 8))
            .Node(
                "ConvTranspose", "x w b", "y",
                ("group", groups), ("strides", strides), ("pads", pads), ("dilations", dilations), ("output_padding", outputPadding))
            .Output("y");
        ImportHarness.Check(builder.Model, Image(2, 4, 6, 5));
    }

    [Theory]
    [InlineData("SAME_UPPER", false)]
    [InlineData("SAME_LOWER", false)]
    [InlineData("NOTSET", true)]
    [InlineData("SAME_UPPER", true)]
    public void Transposed_convolution_to_a_size(string mode, bool hasShape)
    {
        (string, object)[] attributes =
        [
            ("auto_pad", mode), ("strides", (int[])[3, 2]), .. hasShape ? new (string, object)[] { ("output_shape", (int[])[18, 12]) } : [],
        ];
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", ElementType.Float32, 2, 4, 6, 5)
            .Initializer("w", ImportHarness.Numbers(1, 4, 3, 4, 3))
            .Node("ConvTranspose", "x w", "y", attributes).Output("y");
        ImportHarness.Check(builder.Model, Image(2, 4, 6, 5));
    }

    [Fact]
    public void Transposed_convolution_in_one_dimension()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "n", 4, "l")
            .Initializer("w", ImportHarness.Numbers(1, 4, 3, 5)).Initializer("b", ImportHarness.Numbers(2, 3))
            .Node("ConvTranspose", "x w b", "y", ("strides", (int[])[2]), ("pads", (int[])[1, 2])).Output("y");
        ImportHarness.Check(builder.Model, Image(2, 4, 6));
    }

    [Theory]
    [InlineData("nearest", "asymmetric", "floor")]
    [InlineData("nearest", "half_pixel", "round_prefer_floor")]
    [InlineData("nearest", "half_pixel", "round_prefer_ceil")]
    [InlineData("nearest", "align_corners", "ceil")]
    [InlineData("linear", "half_pixel", "floor")]
    [InlineData("linear", "pytorch_half_pixel", "floor")]
    [InlineData("linear", "align_corners", "floor")]
    [InlineData("linear", "asymmetric", "floor")]
    [InlineData("cubic", "half_pixel", "floor")]
    [InlineData("cubic", "align_corners", "floor")]
    [InlineData("cubic", "asymmetric", "floor")]
    public void Resizing_by_scales_and_by_sizes(string mode, string coordinates, string nearest)
    {
        (string, object)[] attributes = [("mode", mode), ("coordinate_transformation_mode", coordinates), ("nearest_mode", nearest)];
        OnnxModelBuilder scaled = new OnnxModelBuilder(opset: 13)
            .Input("x", ElementType.Float32, "n", 3, "h", "w")
            .Initializer("scales", TensorData.Of<float>([4], ElementType.Float32, [1, 1, 2, 1.5f]))
            .Node("Resize", "x - scales", "y", attributes).Output("y");
        ImportHarness.Check(scaled.Model, Image(2, 3, 6, 8));
        OnnxModelBuilder sized = new OnnxModelBuilder(opset: 13)
            .Input("x", ElementType.Float32, 2, 3, 6, 8)
            .Initializer("sizes", TensorData.OfInt64(2, 3, 9, 5))
            .Node("Resize", "x - - sizes", "y", attributes).Output("y");
        ImportHarness.Check(sized.Model, Image(2, 3, 6, 8));
    }

    [Theory]
    [InlineData("not_larger")]
    [InlineData("not_smaller")]
    public void Resizing_some_axes_with_their_aspect_kept(string policy)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder(opset: 18)
            .Input("x", ElementType.Float32, 2, 3, 6, 8)
            .Initializer("sizes", TensorData.OfInt64(9, 10))
            .Node("Resize", "x - - sizes", "y", ("axes", (int[])[2, 3]), ("keep_aspect_ratio_policy", policy), ("mode", "linear"))
            .Output("y");
        ImportHarness.Check(builder.Model, Image(2, 3, 6, 8));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public void Upsampling_and_the_first_resize(int opset)
    {
        foreach (string mode in (string[])["nearest", "linear"])
        {
            OnnxModelBuilder builder = new OnnxModelBuilder(opset)
                .Input("x", ElementType.Float32, 2, 3, 4, 5)
                .Initializer("scales", TensorData.Of<float>([4], ElementType.Float32, [1, 1, 2, 3]))
                .Node(opset == 9 ? "Upsample" : "Resize", "x scales", "y", ("mode", mode)).Output("y");
            ImportHarness.Check(builder.Model, Image(2, 3, 4, 5));
        }
    }

    [Fact]
    public void An_open_size_times_a_scale_stays_open()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "n", 3, "h", "w")
            .Initializer("scales", TensorData.Of<float>([4], ElementType.Float32, [1, 1, 2, 0.5f]))
            .Node("Resize", "x - scales", "y").Output("y");
        Shape shape = ImportHarness.Import(builder.Model, new Sepal.Onnx.Import.ImportRequest { Border = Sepal.Onnx.Import.TensorLayout.Planar }).Outputs[0].Shape;
        Assert.Equal(Dimension.Symbol("h") * 2, shape[2]);
        Assert.Equal(Dimension.FloorDivide(Dimension.Symbol("w"), 2), shape[3]);
    }

    private static Dictionary<string, TensorData> Image(params long[] shape) => new() { ["x"] = ImportHarness.Numbers(3, shape) };
}
