using System.Numerics.Tensors;
using Google.Protobuf;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Layers;
using Sepal.Tests.Onnx;
using Xunit;

namespace Sepal.Tests.Inference;

/// <summary>Image sizes that a graph cannot take: the message names the node and sizes that would do, and the session goes on.</summary>
public class InputSizeTests
{
    [Theory]
    [InlineData(1, 9, "Node 'first' (Convolution): its output would have the shape (1, -1, 7, 4).")]
    [InlineData(9, 4, "Node 'second' (Convolution): its output would have the shape (1, 1, -1, 4).")]
    [InlineData(7, 7, "Node 'pool' (GlobalAveragePooling): nothing is left of its input 'second' (1, 0, 0, 4).")]
    public void Windows_that_do_not_fit(int height, int width, string message)
    {
        using Sequential model =
        [
            new Input(Dimension.Symbol("height"), Dimension.Symbol("width"), 3),
            new Conv2D(4, 3) { Name = "first" },
            new MaxPooling2D(2),
            new Conv2D(4, 3) { Name = "second" },
            new GlobalAveragePooling2D { Name = "pool" },
        ];
        using var session = new InferenceSession(model);
        string expected = $"{message} The model was given 'input' (1, {height}, {width}, 3). Give it 'height' of at least 8 and 'width' of at least 8.";

        Assert.Equal(expected, Refuses(() => session.Run(Tensor.CreateFromShape<float>([1, height, width, 3]))));
        Assert.Equal(expected, Refuses(() => session.CreateRequest(new Dictionary<string, long> { ["height"] = height, ["width"] = width })));
        Assert.Equal([1, 4], session.Run(Tensor.CreateFromShape<float>([1, 8, 8, 3])).Lengths);
        Assert.Equal(1, session.Plans.Count);
    }

    [Fact]
    public void Features_that_a_dense_layer_does_not_take()
    {
        using var session = Open(new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "n", 1, "h", "w")
            .Initializer("kernel", TensorData.Of<float>([16, 2], ElementType.Float32, new float[32]))
            .Node("Flatten", "x", "features").Node("Gemm", "features kernel", "y").Output("y"));

        string message = Refuses(() => session.Run(Tensor.CreateFromShape<float>([3, 1, 5, 5])));

        Assert.StartsWith("Node 'Gemm_1' (Dense): ", message, StringComparison.Ordinal);
        Assert.EndsWith("The model was given 'x' (3, 1, 5, 5). 'x' (3, 1, 4, 4) would do.", message, StringComparison.Ordinal);
        Assert.Equal([3, 2], session.Run(Tensor.CreateFromShape<float>([3, 1, 2, 8])).Lengths);
    }

    [Fact]
    public void Branches_that_do_not_meet_again()
    {
        using var session = Open(new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "n", 1, "h", "w")
            .Initializer("scales", TensorData.Of<float>([4], ElementType.Float32, [1, 1, 2, 2]))
            .Node("MaxPool", "x", "half", ("kernel_shape", new int[] { 2, 2 }), ("strides", new int[] { 2, 2 }))
            .Node("Resize", "half - scales", "whole", ("mode", "nearest"))
            .Node("Add", "x whole", "y").Output("y"));

        string message = Refuses(() => session.Run(Tensor.CreateFromShape<float>([1, 1, 6, 7])));

        Assert.StartsWith("Node 'Add_2' (Add): the shapes differ in dimension 2: 7 and 6.", message, StringComparison.Ordinal);
        Assert.EndsWith("'x' (1, 1, 6, 8) would do.", message, StringComparison.Ordinal);
        Assert.Equal([1, 1, 6, 8], session.Run(Tensor.CreateFromShape<float>([1, 1, 6, 8])).Lengths);
    }

    [Fact]
    public void Open_channels_that_a_kernel_does_not_take()
    {
        using var session = Open(new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "n", "c", 5, 5)
            .Initializer("kernel", TensorData.Of<float>([2, 3, 3, 3], ElementType.Float32, new float[54]))
            .Node("Conv", "x kernel", "y").Output("y"));

        string message = Refuses(() => session.Run(Tensor.CreateFromShape<float>([1, 4, 5, 5])));

        Assert.StartsWith("Node 'Conv_0' (Convolution): ", message, StringComparison.Ordinal);
        Assert.EndsWith("The model was given 'x' (1, 4, 5, 5). 'x' (1, 3, 5, 5) would do.", message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3, 3], session.Run(Tensor.CreateFromShape<float>([1, 3, 5, 5])).Lengths);
    }

    [Fact]
    public void What_no_size_mends_is_said_without_one()
    {
        using var session = Open(new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "n", 1, "h", "w")
            .Initializer("kernel", TensorData.Of<float>([3, 2], ElementType.Float32, new float[6]))
            .Initializer("shape", TensorData.OfInt64(1, -1, 4))
            .Node("Reshape", "x shape", "rows").Node("MatMul", "rows kernel", "y").Output("y"));

        string message = Refuses(() => session.Run(Tensor.CreateFromShape<float>([1, 1, 4, 4])));

        Assert.Contains("MatMul_1", message, StringComparison.Ordinal);
        Assert.DoesNotContain("would do", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_value_is_no_matter_of_sizes()
    {
        using var session = Open(new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "n", "c", 5, 5)
            .Initializer("kernel", TensorData.Of<float>([2, 3, 3, 3], ElementType.Float32, new float[54]))
            .Node("Conv", "x kernel", "y").Output("y"));
        var inputs = new Dictionary<string, TensorData> { ["x"] = new([1, 3, 5, 5], ElementType.Float32, new byte[300]) };

        Assert.DoesNotContain("would do", Refuses(() => session.Run(inputs, ["nothing"])), StringComparison.Ordinal);
        Assert.Contains("x", session.Run(inputs, ["x"]).Keys);
    }

    private static InferenceSession Open(OnnxModelBuilder builder) => new(builder.Model.ToByteArray());

    private static string Refuses(Func<object> action) => Assert.ThrowsAny<SepalException>(action).Message;
}
