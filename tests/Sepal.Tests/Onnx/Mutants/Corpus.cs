using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Onnx;
using Sepal.Tests.Onnx.Import;

namespace Sepal.Tests.Onnx.Mutants;

/// <summary>Honest files to make hostile ones of.</summary>
internal static class Corpus
{
    /// <summary>The name of the file whose weights lie in another one.</summary>
    public const string External = "external";

    private const ElementType Float = ElementType.Float32;
    private const ElementType Integer = ElementType.Int64;

    private static readonly Dictionary<string, Func<byte[]>> Made = new(StringComparer.Ordinal)
    {
        ["exported"] = Exported,
        [External] = () => Bytes(WithWeights(new OnnxModelBuilder().Input("input", Float, "n", 4)
            .Node("MatMul", "input w", "y").Node("Add", "y b", "z").Output("z"))),
        ["images"] = () => Bytes(WithWeights(new OnnxModelBuilder(opset: 18).Input("input", Float, "n", 3, "h", "w0"))
            .Node("Conv", "input k", "c", ("kernel_shape", (int[])[3, 3]), ("pads", (int[])[1, 1, 1, 1]))
            .Node("Pad", "c pads", "p", ("mode", "reflect"))
            .Node("Resize", "p - scales", "r", ("mode", "linear"))
            .Node("ConvTranspose", "r kt", "t", ("strides", (int[])[2, 2]), ("pads", (int[])[1, 1, 1, 1]), ("output_padding", (int[])[1, 1]))
            .Node("InstanceNormalization", "t b2 b2", "i").Node("LRN", "i", "l", ("size", 3))
            .Node("AveragePool", "l", "a", ("kernel_shape", (int[])[2, 2]), ("ceil_mode", 1), ("strides", (int[])[2, 2]))
            .Node("DepthToSpace", "t2", "d", ("blocksize", 2)).Node("Concat", "a a", "t2", ("axis", 1))
            .Node("GlobalMaxPool", "d", "g").Node("ArgMax", "d", "m", ("axis", 2)).Output("g").Output("m", Integer)),
        ["shapes"] = () => Bytes(WithWeights(new OnnxModelBuilder(opset: 18).Input("input", Float, "n", 6, 4))
            .Node("Shape", "input", "s").Node("Gather", "s first", "n0").Node("Concat", "n0 minus", "to", ("axis", 0))
            .Node("Reshape", "input to", "flat").Node("ConstantOfShape", "s", "zeros").Node("Add", "input zeros", "sum")
            .Node("Expand", "sum five", "e").Node("Tile", "sum repeats", "tiled").Node("Range", "zero six one", "r")
            .Node("Gather", "tiled r", "picked", ("axis", 1)).Node("Split", "picked", "s1 s2", ("axis", 1), ("num_outputs", 2))
            .Node("Slice", "s1 starts ends axes", "cut").Node("ReduceMean", "cut axes", "mean").Node("ReduceMax", "s2 axes", "max")
            .Node("Unsqueeze", "mean axes", "u").Node("Squeeze", "u axes", "q").Node("Mul", "q max", "z")
            .Node("Transpose", "e", "et", ("perm", (int[])[0, 2, 1])).Output("z").Output("et").Output("flat")),
        ["numbers"] = () => Bytes(WithWeights(new OnnxModelBuilder(opset: 17).Input("input", Float, 2, 4).Input("i", Integer, 2, 1))
            .Node("LayerNormalization", "input b b", "n").Node("QuantizeLinear", "n scale point", "q", ("axis", 1))
            .Node("DequantizeLinear", "q scale point", "d", ("axis", 1)).Node("MatMul", "d w", "m").Node("Gemm", "m w b", "g", ("transB", 1))
            .Node("TopK", "g two", "v t2", ("axis", 1)).Node("GatherElements", "g i", "e", ("axis", 1))
            .Node("Greater", "g m", "c").Node("Where", "c g m", "x").Node("Clip", "x low high", "y").Node("Cast", "y", "t", ("to", 7))
            .Node("Pow", "y two", "p").Node("Softmax", "y", "s").Node("Max", "p s y", "z").Output("z").Output("e").Output("t", Integer).Output("t2", Integer)),
        ["sequences"] = () => Bytes(WithWeights(new OnnxModelBuilder(opset: 13).Input("input", Float, "n", 3, 8))
            .Node("Conv", "input k1", "c", ("pads", (int[])[1, 1])).Node("MaxPool", "c", "m", ("kernel_shape", (int[])[2]), ("strides", (int[])[2]))
            .Node("BatchNormalization", "m b2 b2 b2 b2", "bn").Node("Flatten", "bn", "f").Node("MatMul", "bn w", "y").Output("f").Output("y")),
        ["given"] = () => Bytes(WithWeights(new OnnxModelBuilder(opset: 13).Input("input", Float, 4).Input("to", Integer, 2))
            .Node("ConstantOfShape", "to", "o").Node("Expand", "input to", "e").Output("o").Output("e")),
    };

    /// <summary>What the files are called.</summary>
    public static string[] Names { get; } = [.. Fixture.Names, .. Made.Keys];

    /// <summary>The bytes of a file.</summary>
    public static byte[] Bytes(string name) => Made.TryGetValue(name, out Func<byte[]>? make) ? make() : Fixture.Bytes(name);

    private static byte[] Bytes(OnnxModelBuilder builder) => ExportHarness.Bytes(builder.Model);

    /// <summary>Initialisers of all shapes that the files need; what one does not read is there to be picked by a mutation.</summary>
    private static OnnxModelBuilder WithWeights(OnnxModelBuilder builder) => builder
        .Initializer("w", ImportHarness.Numbers(1, 4, 4)).Initializer("b", ImportHarness.Numbers(2, 4)).Initializer("b2", ImportHarness.Numbers(3, 2))
        .Initializer("k", ImportHarness.Numbers(4, 4, 3, 3, 3)).Initializer("kt", ImportHarness.Numbers(5, 4, 2, 3, 3))
        .Initializer("k1", ImportHarness.Numbers(6, 2, 3, 3))
        .Initializer("pads", TensorData.OfInt64(0, 0, 1, 1, 0, 0, 1, 1)).Initializer("scales", TensorData.Of<float>([4], Float, [1, 1, 2, 1.5f]))
        .Initializer("first", TensorData.OfInt64(0)).Initializer("minus", TensorData.OfInt64(-1)).Initializer("five", TensorData.OfInt64(1, 6, 4))
        .Initializer("repeats", TensorData.OfInt64(1, 2, 1)).Initializer("starts", TensorData.OfInt64(1)).Initializer("ends", TensorData.OfInt64(3))
        .Initializer("axes", TensorData.OfInt64(1)).Initializer("two", TensorData.OfInt64(2))
        .Initializer("zero", TensorData.Of<long>(Shape.Scalar, Integer, [0])).Initializer("one", TensorData.Of<long>(Shape.Scalar, Integer, [1]))
        .Initializer("six", TensorData.Of<long>(Shape.Scalar, Integer, [6]))
        .Initializer("scale", TensorData.Of<float>([4], Float, [0.1f, 0.2f, 0.3f, 0.4f]))
        .Initializer("point", TensorData.Of<byte>([4], ElementType.UInt8, [1, 2, 3, 4]))
        .Initializer("low", TensorData.Of<float>(Shape.Scalar, Float, [-1])).Initializer("high", TensorData.Of<float>(Shape.Scalar, Float, [1]));

    /// <summary>A file that Sepal wrote, with everything in its metadata that training on needs.</summary>
    private static byte[] Exported()
    {
        var input = new Input(8, 8, 1);
        LayerOutput x = new Conv2D(4, 3) { Padding = Padding2D.Same, KernelL2 = 0.01f, Activation = Activations.Gelu }.Apply(new Rescaling(2, -0.1f).Apply(input));
        LayerOutput skip = new DepthwiseConv2D(3) { Padding = Padding2D.Same, Trainable = false }.Apply(x);
        x = new Add().Apply(skip, new Dropout(0.3f).Apply(new BatchNormalization { Momentum = 0.8f }.Apply(x)));
        x = new Flatten().Apply(new MaxPooling2D(2).Apply(x));
        using var model = new Model(input, new Dense(4) { Activation = Activations.Softmax, KernelL2 = 0.001f }.Apply(x));
        model.Initialize(1);
        return ExportHarness.Bytes(ExportHarness.Export(model, new OnnxExportOptions { ClassNames = ["a", "b", "c", "d"] }));
    }
}
