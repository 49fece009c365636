using Sepal.Graphs;
using Xunit;

namespace Sepal.Tests.Onnx.Import;

public sealed class ConvolutionImportTests
{
    [Theory]
    [InlineData(1, new[] { 3, 3 }, new[] { 1, 1, 1, 1 }, new[] { 1, 1 }, new[] { 1, 1 })]
    [InlineData(1, new[] { 3, 2 }, new[] { 0, 1, 2, 0 }, new[] { 2, 1 }, new[] { 1, 2 })]
    [InlineData(2, new[] { 1, 3 }, new[] { 0, 0, 0, 0 }, new[] { 1, 2 }, new[] { 1, 1 })]
    [InlineData(4, new[] { 5, 5 }, new[] { 2, 2, 2, 2 }, new[] { 2, 2 }, new[] { 1, 1 })]
    [InlineData(1, new[] { 1, 1 }, new[] { 0, 0, 0, 0 }, new[] { 1, 1 }, new[] { 1, 1 })]
    public void Two_dimensions(int groups, int[] kernel, int[] pads, int[] strides, int[] dilations)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "batch", 4, "height", 9)
            .Initializer("w", ImportHarness.Numbers(1, 8, 4 / groups, kernel[0], kernel[1]))
            .Initializer("b", ImportHarness.Numbers(2, 8))
            .Node("Conv", "x w b", "y", ("group", groups), ("pads", pads), ("strides", strides), ("dilations", dilations))
            .Output("y");

        ImportHarness.Check(builder.Model, new Dictionary<string, TensorData> { ["x"] = ImportHarness.Numbers(3, 2, 4, 11, 9) });
    }

    [Theory]
    [InlineData("SAME_UPPER")]
    [InlineData("SAME_LOWER")]
    [InlineData("VALID")]
    public void Automatic_padding(string mode)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder(opset: 6)
            .Input("x", ElementType.Float32, 1, 2, 10, 7)
            .Initializer("w", ImportHarness.Numbers(1, 3, 2, 4, 3))
            .Node("Conv", "x w", "y", ("auto_pad", mode), ("strides", (int[])[2, 1]))
            .Output("y");

        ImportHarness.Check(builder.Model, new Dictionary<string, TensorData> { ["x"] = ImportHarness.Numbers(3, 1, 2, 10, 7) });
    }

    [Fact]
    public void One_dimension()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "n", 6, "length")
            .Initializer("w", ImportHarness.Numbers(1, 4, 3, 5))
            .Node("Conv", "x w", "c", ("group", 2), ("pads", (int[])[1, 3]), ("dilations", (int[])[2]))
            .Node("Relu", "c", "y")
            .Output("y");

        ImportHarness.Check(builder.Model, new Dictionary<string, TensorData> { ["x"] = ImportHarness.Numbers(3, 2, 6, 15) });
    }

    [Fact]
    public void A_kernel_that_is_an_input_is_packed_in_every_run()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", ElementType.Float32, 1, 2, 5, 5)
            .Input("w", ElementType.Float32, 3, 2, 3, 3)
            .Node("Conv", "x w", "y")
            .Output("y");

        ImportHarness.Check(builder.Model, new Dictionary<string, TensorData>
        {
            ["x"] = ImportHarness.Numbers(1, 1, 2, 5, 5),
            ["w"] = ImportHarness.Numbers(2, 3, 2, 3, 3),
        });
    }

    [Fact]
    public void A_convolution_broadcast_residual_and_flatten()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "batch", 3, 6, 5)
            .Initializer("w", ImportHarness.Numbers(1, 3, 3, 1, 1))
            .Initializer("scale", ImportHarness.Numbers(2, 3, 1, 1))
            .Initializer("row", ImportHarness.Numbers(4, 5))
            .Node("Conv", "x w", "c")
            .Node("Mul", "c scale", "m")
            .Node("Add", "m row", "a")
            .Node("Add", "a x", "r")
            .Node("Flatten", "r", "z", ("axis", 2))
            .Output("r").Output("z");

        ImportHarness.Check(builder.Model, new Dictionary<string, TensorData> { ["x"] = ImportHarness.Numbers(3, 2, 3, 6, 5) });
    }
}
