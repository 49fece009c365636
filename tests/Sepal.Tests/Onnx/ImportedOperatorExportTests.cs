using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Onnx.Protocol;
using Sepal.Operators;
using Sepal.Tests.Operators;
using Sepal.Training.Initializers;
using Xunit;

namespace Sepal.Tests.Onnx;

/// <summary>
/// Operators that only imported models have: ONNX Runtime gives what Sepal gives, at batch 1 and 3, and what is read back is
/// written as the same bytes again.
/// </summary>
public sealed class ImportedOperatorExportTests
{
    private static readonly Shape Image = [6, 7, 4];
    private static readonly Shape Sequence = [5, 4];
    private static readonly Dimension Height = Dimension.Symbol("height");

    private static readonly Dictionary<string, Func<Model>> Models = new()
    {
        ["resize, nearest"] = () => Of(Image, new Resize(ResizeMode.Nearest, Batch(12, 14, 4)) { Coordinates = ResizeCoordinates.Asymmetric, Rounding = ResizeRounding.Floor }),
        ["resize, nearest, prefer ceil"] = () => Of(Image, new Resize(ResizeMode.Nearest, Batch(9, 3, 4)) { Rounding = ResizeRounding.PreferCeil }),
        ["resize, linear"] = () => Of(Image, new Resize(ResizeMode.Linear, Batch(13, 5, 4))),
        ["resize, linear, symmetric"] = () => Of(Image, new Resize(ResizeMode.Linear, Batch(12, 14, 4)) { Coordinates = ResizeCoordinates.HalfPixelSymmetric }),
        ["resize, linear, corners"] = () => Of(Image, new Resize(ResizeMode.Linear, Batch(12, 9, 4)) { Coordinates = ResizeCoordinates.AlignCorners }),
        ["resize, linear, scales"] = () => Of(Image, new Resize(ResizeMode.Linear, Batch(9, 8, 4)) { Scales = [1, 1.6f, 1.2f, 1] }),
        ["resize, cubic"] = () => Of(Image, new Resize(ResizeMode.Cubic, Batch(12, 9, 4)) { CubicCoefficient = -0.5f, ExcludeOutside = true }),
        ["resize, cut out"] = () => Of(Image, new Resize(ResizeMode.Linear, Batch(4, 5, 4))
        {
            Coordinates = ResizeCoordinates.TensorFlowCropAndResize,
            Region = [0, 0.2f, 0.1f, 0, 1, 0.7f, 1.4f, 1],
            ExtrapolationValue = 3,
        }),
        ["slice an image"] = () => Of(Image, new Slice([1, 5, 0], [long.MaxValue, 0, 2], [1, -2, 3], [2, -2, 1])),
        ["slice a sequence backwards"] = () => Of(Sequence, new Slice([-1], [long.MinValue], [1], [-1])),
        ["slice to an open end"] = () => Of(Sequence, new Slice([0], [Dimension.Batch], [0], [1])),
        ["split channels"] = () => Of(Image, new Split(-1, [1, 3])),
        ["split rows"] = () => Of(Image, new Split(1, [2, 3, 1])),
        ["split a sequence"] = () => Of(Sequence, new Split(1, [2, 3])),
        ["pad with zeros"] = () => Of(Image, new Pad(PadMode.Constant, [0, 1, 2, 3], [0, 2, -1, 0])),
        ["pad with a value"] = () => Padded(new Pad(PadMode.Constant, [0, 1, 2, 1], [0, 0, 1, 2]), []),
        ["pad with a value in a tensor"] = () => Padded(new Pad(PadMode.Constant, [0, 1, 2, 1], [0, 0, 1, 2]), [1, 1]),
        ["pad by reflection"] = () => Of(Image, new Pad(PadMode.Reflect, [0, 1, 2, 3], [0, 4, 0, 1])),
        ["pad by the edge"] = () => Of(Image, new Pad(PadMode.Edge, [0, 1, 2, 3], [0, 4, 0, 1])),
        ["pad by wrapping"] = () => Of(Image, new Pad(PadMode.Wrap, [0, 1, 2, 3], [0, 4, 0, -1])),
        ["pad by nothing"] = () => Of(Sequence, new Pad(PadMode.Wrap, [0, 0, 0], [0, 0, 0])),
        ["pad before a maximum"] = PooledPad,
        ["transposed convolution"] = () => Transposed(new ConvolutionTranspose(6, (3, 2)) { Strides = 2, Padding = Padding2D.Explicit(1, 0, 0, 1) }),
        ["transposed convolution, grouped, dilated"] = () => Transposed(
            new ConvolutionTranspose(6, (2, 3)) { Groups = 2, Strides = (3, 2), DilationRate = (1, 2), OutputPadding = (2, 1) }),
        ["layer normalization of a sequence"] = () => Normalized(Sequence, new LayerNormalization { Epsilon = 1e-3f }, [4], [4]),
        ["layer normalization without an offset"] = () => Normalized(Sequence, new LayerNormalization(1), [5, 4]),
        ["layer normalization of an image"] = () => Normalized(Image, new LayerNormalization(2), [7, 4], [7, 4]),
        ["instance normalization of an image"] = () => Normalized(Image, new InstanceNormalization { Epsilon = 1e-3f }, [4], [4]),
        ["instance normalization of a sequence"] = () => Normalized(Sequence, new InstanceNormalization(), [4], [4]),
        ["local response normalization"] = () => Of(Image, new LocalResponseNormalization(3) { Alpha = 0.3f, Beta = 0.6f, Bias = 1.5f }),
        ["quantize and dequantize"] = () => Quantized(ElementType.UInt8, [], TensorData.Of<byte>([], ElementType.UInt8, [100])),
        ["quantize and dequantize, signed"] = () => Quantized(ElementType.Int8, [], zero: null),
        ["quantize and dequantize channels"] = () => Quantized(ElementType.Int8, [4], TensorData.Of<sbyte>([4], ElementType.Int8, [-3, 0, 9, 1])),
        ["quantize and dequantize channels, no zero"] = () => Quantized(ElementType.Int8, [4], zero: null),
        ["gather channels"] = () => Gathered(Image, new Gather(-1), [3], [2, 0, -1]),
        ["gather one row"] = () => Gathered(Image, new Gather(1), [], [-2]),
        ["gather rows into five dimensions"] = () => Gathered(Image, new Gather(1), [2, 2], [0, 5, 3, 3]),
        ["gather a sequence into an image"] = () => Gathered(Sequence, new Gather(1), [2, 2], [0, 4, 3, 3]),
        ["gather elements"] = () => Gathered(Image, new GatherElements(2), [1, 2, 3, 4], [.. Enumerable.Range(0, 24).Select(index => (index * 5L % 13) - 6)]),
        ["expand a row to an image"] = () => Of([4], new Expand([1, 5, 1, 4])),
        ["expand a pixel"] = () => Of([1, 1, 4], new Expand([3, 2, 1])),
        ["expand to an open size"] = () => Of([1, 4], new Expand([2, Dimension.Batch, Dimension.Batch + 2, 4])),
        ["tile an image"] = () => Of(Image, new Tile([1, 2, 1, 3])),
        ["tile as often as there are images"] = () => Of(Sequence, new Tile([1, (Dimension.Batch * 2) + 1, 1])),
        ["top channels"] = () => Of(Image, new TopK(3)),
        ["lowest rows"] = () => Of(Image, new TopK(2, 1) { Largest = false }),
        ["top of a sequence"] = () => Of(Sequence, new TopK(4, 1)),
        ["largest of an image"] = () => Of(Image, new ArgExtremum(ExtremumFunction.Maximum, 2)),
        ["smallest of an image, kept"] = () => Of(Image, new ArgExtremum(ExtremumFunction.Minimum) { KeepDimensions = true }),
        ["first of the largest"] = () => Signs(new ArgExtremum(ExtremumFunction.Maximum)),
        ["last of the largest"] = () => Signs(new ArgExtremum(ExtremumFunction.Maximum) { SelectLastIndex = true }),
        ["sizes"] = () => Sizes(new DimensionVector([4], [Dimension.Batch, 7, 2 * Dimension.Batch, Dimension.FloorDivide(Dimension.Batch + 2, 3)], ElementType.Int64)),
        ["sizes in an image"] = () => Sizes(new DimensionVector(
            [1, 2, 1, 2], [Dimension.FloorDivide(1 - Dimension.Batch, Dimension.Batch + 1), Dimension.Batch * Dimension.Batch, 5, Dimension.Batch - 1], ElementType.Int32)),
        ["one size"] = () => Sizes(new DimensionVector(Shape.Scalar, [Dimension.Batch], ElementType.Int32)),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ONNX_Runtime_gives_what_Sepal_gives(string name)
    {
        using Model model = Models[name]();
        ExportHarness.AssertAgrees(model, 1, name, tolerance: 1e-5);
        byte[] exported = ExportHarness.Bytes(ExportHarness.AssertAgrees(model, 3, name, tolerance: 1e-5));

        using Model restored = OnnxModel.Import(exported);
        Assert.Equal(model.Graph.Nodes.Select(node => node.Output.Spec), restored.Graph.Nodes.Select(node => node.Output.Spec));
        Assert.Equal(exported, ExportHarness.Bytes(ExportHarness.Export(restored)));
    }

    [Fact]
    public void Sizes_that_are_twice_an_open_height_are_computed_when_the_file_runs()
    {
        using Model open = Of([Height, 7, 4], new Resize(ResizeMode.Linear, [Dimension.Batch, 2 * Height, Dimension.FloorDivide(Height, 2) + 1, 4]));
        using Model known = Of([8, 7, 4], new Resize(ResizeMode.Linear, Batch(16, 5, 4)));
        var given = new Dictionary<string, TensorData> { ["x"] = ExportHarness.ToFile(TestNumbers.Uniform(new Random(2), 2 * 8 * 7 * 4), [2, 8, 7, 4]) };

        ModelProto exported = ExportHarness.Export(open);
        TensorData expected = OnnxRuntimeHarness.Run(ExportHarness.Export(known), given)["result"];

        ExportHarness.AssertNear(expected, OnnxRuntimeHarness.Run(exported, given)["result"], 1e-6, "open height");
    }

    [Fact]
    public void What_opset_17_cannot_say_is_refused()
    {
        using Model wrapped = Of([Height, 7, 4], new Pad(PadMode.Wrap, [0, 1, 0, 0], [0, 0, 0, 0]));
        using Model rounded = Of(Image, new Resize(ResizeMode.Linear, Batch(10, 7, 4)) { Scales = [1, 1.6f, 1, 1] });
        using Model symmetric = Of(
            Image, new Resize(ResizeMode.Linear, Batch(9, 7, 4)) { Scales = [1, 1.6f, 1, 1], Coordinates = ResizeCoordinates.HalfPixelSymmetric });
        using Model unknown = Of(Sequence, new Tile([1, Height, 1]));

        Assert.StartsWith("Node 'result' (Pad): wrapping around an axis of the open length height", Refusal(wrapped), StringComparison.Ordinal);
        Assert.StartsWith("Node 'result' (Resize): from (batch, 6, 7, 4) to (batch, 10, 7, 4)", Refusal(rounded), StringComparison.Ordinal);
        Assert.StartsWith("Node 'result' (Resize): coordinates HalfPixelSymmetric", Refusal(symmetric), StringComparison.Ordinal);
        Assert.StartsWith("'result' depends on the open dimension 'height'", Refusal(unknown), StringComparison.Ordinal);
    }

    private static string Refusal(Model model) => Assert.Throws<OnnxException>(() => ExportHarness.Export(model)).Message;

    private static Shape Batch(params ReadOnlySpan<long> lengths) => [Dimension.Batch, .. lengths.ToArray().Select(Dimension.FromInt64)];

    /// <summary>One operator on a tensor; its outputs as floats.</summary>
    private static Model Of(Shape input, Operator @operator) => Built(input, (builder, value) => builder.Add("result", @operator, [value]));

    private static Model Built(Shape input, Func<GraphBuilder, Value, Node> build)
    {
        var builder = new GraphBuilder();
        Node node = build(builder, builder.Input("x", new TensorSpec(input.WithBatch())));
        return new Model(builder.Build([.. node.Outputs.Select((output, index) => AsFloat(builder, output, index))]));
    }

    private static Value AsFloat(GraphBuilder builder, Value value, int index) => value.Spec.ElementType == ElementType.Float32
        ? value
        : builder.Add($"float_{index}", new Cast(ElementType.Float32), [value]).Output;

    private static Parameter Numbers(GraphBuilder builder, string name, Shape shape) => builder.Parameter(
        name, shape, new Given(TestNumbers.Uniform(new Random(3), checked((int)shape.ElementCount.Value), 0.5f, 2)));

    private static Model Padded(Pad pad, Shape value) => Built(Image, (builder, input) =>
        builder.Add("result", pad, [input, builder.Constant("value", TensorData.Of<float>(value, ElementType.Float32, [-1.5f]))]));

    private static Model PooledPad() => Built(Image, (builder, input) =>
    {
        Value lower = builder.Add("lower", new Rescaling(1, -5), [input]).Output;
        Value padded = builder.Add("padded", new Pad(PadMode.Constant, [0, 1, 1, 0], [0, 1, 1, 0]), [lower]).Output;
        return builder.Add("result", new Pooling(PoolingFunction.Maximum, 2), [padded]);
    });

    /// <summary>The positions of extrema among elements many of which are equal.</summary>
    private static Model Signs(ArgExtremum extremum) => Built(Sequence, (builder, input) =>
        builder.Add("result", extremum, [builder.Add("signs", new Unary(UnaryFunction.Sign), [input]).Output]));

    private static Model Transposed(ConvolutionTranspose convolution) => Built(Image, (builder, input) =>
    {
        Shape kernel = [convolution.KernelSize.Height, convolution.KernelSize.Width, convolution.Filters / convolution.Groups, 4];
        return builder.Add("result", convolution, [input, Numbers(builder, "kernel", kernel)]);
    });

    private static Model Normalized(Shape input, Operator @operator, params Shape[] numbers) => Built(input, (builder, value) =>
        builder.Add("result", @operator, [value, .. numbers.Select((shape, index) => Numbers(builder, $"numbers_{index}", shape))]));

    private static Model Quantized(ElementType type, Shape shape, TensorData? zero) => Built(Image, (builder, input) =>
    {
        float[] numbers = [0.011f, 0.03f, 0.02f, 0.007f];
        Value scale = builder.Constant("scale", TensorData.Of<float>(shape, ElementType.Float32, numbers.AsSpan(0, shape.Rank == 0 ? 1 : 4)));
        ImmutableArray<Value> scales = zero is null ? [scale] : [scale, builder.Constant("zero", zero)];
        Value quantized = builder.Add("quantized", new QuantizeLinear(type, -1), [input, .. scales]).Output;
        return builder.Add("result", new DequantizeLinear(3), [quantized, .. scales]);
    });

    private static Model Gathered(Shape input, Operator gather, Shape shape, long[] indices) => Built(input, (builder, value) =>
        builder.Add("result", gather, [value, builder.Constant("indices", TensorData.Of<long>(shape, ElementType.Int64, indices))]));

    private static Model Sizes(DimensionVector sizes) => Built([2, 3], (builder, input) =>
    {
        Value vector = AsFloat(builder, builder.Add("sizes", sizes, []).Output, 1);
        Value positive = builder.Add("sum", new Reduction(ReductionFunction.Sum, [0, 1, 2]), [input]).Output;
        return builder.Add("result", new Binary(BinaryFunction.Add), [vector, positive]);
    });
}
