using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Layers;
using Sepal.Onnx;
using Sepal.Onnx.Export;
using Sepal.Onnx.Metadata;
using Sepal.Onnx.Protocol;
using Sepal.Operators;
using Xunit;
using BatchNormalization = Sepal.Layers.BatchNormalization;
using ChannelShuffle = Sepal.Layers.ChannelShuffle;
using Concatenate = Sepal.Layers.Concatenate;
using Dense = Sepal.Layers.Dense;
using Dropout = Sepal.Layers.Dropout;
using Flatten = Sepal.Layers.Flatten;
using Rescaling = Sepal.Layers.Rescaling;
using Reshape = Sepal.Layers.Reshape;

namespace Sepal.Tests.Onnx;

/// <summary>Every layer with its options, alone, at batch 1 and 3.</summary>
public sealed class OperatorExportTests
{
    private static readonly Dictionary<string, Func<Model>> Models = new()
    {
        ["convolution"] = () => Image(new Conv2D(5, (3, 2))),
        ["convolution, one channel"] = () => Stack([9, 8, 1], new Conv2D(1, 3)),
        ["convolution, same, odd padding"] = () => Image(new Conv2D(5, (4, 2)) { Padding = Padding2D.Same, Strides = (2, 3) }),
        ["convolution, same, dilated and strided"] = () =>
            Image(new Conv2D(5, 3) { Padding = Padding2D.Same, DilationRate = (2, 3), Strides = 2 }),
        ["convolution, explicit padding, no bias"] = () =>
            Image(new Conv2D(5, 3) { Padding = Padding2D.Explicit(0, 1, 2, 3), UseBias = false }),
        ["convolution, grouped"] = () => Image(new Conv2D(9, 3) { Groups = 3 }),
        ["convolution, pointwise"] = () => Image(new Conv2D(4, 1) { Activation = Activations.Relu }),
        ["depthwise"] = () => Image(new DepthwiseConv2D((3, 5)) { Padding = Padding2D.Same, Strides = 2 }),
        ["depthwise, multiplier"] = () => Image(new DepthwiseConv2D(3) { DepthMultiplier = 3, UseBias = false }),
        ["separable"] = () => Image(new SeparableConv2D(7, 3) { DepthMultiplier = 2, Activation = Activations.Swish }),
        ["dense over rows"] = () => Stack([7], new Dense(5)),
        ["dense over rows, no bias"] = () => Stack([7], new Dense(5) { UseBias = false, Activation = Activations.Softmax }),
        ["dense over a sequence"] = () => Stack([4, 7], new Dense(5)),
        ["dense over a sequence, no bias"] = () => Stack([4, 7], new Dense(5) { UseBias = false }),
        ["dense over an image"] = () => Image(new Dense(5)),
        ["dense over five dimensions"] = () => Stack([2, 3, 4, 7], new Dense(5)),
        ["batch normalization over rows"] = () => Stack([7], new BatchNormalization()),
        ["batch normalization over a sequence"] = () => Stack([4, 7], new BatchNormalization { Epsilon = 1e-5f }),
        ["batch normalization over an image"] = () => Image(new BatchNormalization()),
        ["batch normalization over five dimensions"] = () => Stack([2, 3, 4, 7], new BatchNormalization()),
        ["maximum pooling"] = () => Image(new MaxPooling2D((2, 3))),
        ["maximum pooling, same"] = () => Image(new MaxPooling2D(3) { Padding = Padding2D.Same, Strides = 2 }),
        ["average pooling, same"] = () => Image(new AveragePooling2D(3) { Padding = Padding2D.Same, Strides = 2 }),
        ["average pooling, explicit"] = () => Image(new AveragePooling2D(3) { Padding = Padding2D.Explicit(2, 0, 1, 2), Strides = (1, 2) }),
        ["global average pooling"] = () => Image(new GlobalAveragePooling2D()),
        ["global average pooling, kept"] = () => Image(new GlobalAveragePooling2D { KeepDimensions = true }),
        ["global maximum pooling"] = () => Image(new GlobalMaxPooling2D()),
        ["zero padding"] = () => Image(new ZeroPadding2D(Padding2D.Explicit(1, 2, 0, 3))),
        ["zero padding before a maximum"] = () => Image(new Rescaling(1, -5), new ZeroPadding2D(1), new MaxPooling2D(2)),
        ["zero padding as large as a window"] = () => Image(new ZeroPadding2D(3), new AveragePooling2D(2)),
        ["zero padding after a rectifier"] = () => Image(new Activation(Activations.Relu), new ZeroPadding2D(1), new MaxPooling2D(3)),
        ["rescaling"] = () => Image(new Rescaling(1f / 255, -0.5f)),
        ["rescaling without an offset"] = () => Image(new Rescaling(3)),
        ["channel shuffle"] = () => Stack([5, 7, 12], new ChannelShuffle(3)),
        ["channel shuffle over rows"] = () => Stack([12], new ChannelShuffle(2)),
        ["channel shuffle over a sequence"] = () => Stack([5, 12], new ChannelShuffle(4)),
        ["squeeze and excite"] = () => Image(new SqueezeExcite(2) { Gate = Activations.HardSigmoid }),
        ["dropout"] = () => Image(new Dropout(0.4f)),
        ["flatten an image"] = () => Image(new Flatten()),
        ["flatten one channel"] = () => Stack([3, 4, 1], new Flatten()),
        ["flatten one pixel"] = () => Image(new GlobalAveragePooling2D { KeepDimensions = true }, new Flatten()),
        ["flatten a sequence"] = () => Stack([3, 4], new Flatten()),
        ["reshape an image to an image"] = () => Stack([4, 6, 5], new Reshape(6, -1, 2)),
        ["reshape an image to a sequence"] = () => Stack([4, 6, 5], new Reshape(24, 5)),
        ["reshape a row to an image"] = () => Stack([24], new Reshape(2, 3, 4)),
        ["reshape a row to one pixel"] = () => Stack([24], new Reshape(1, 1, -1)),
        ["reshape to five dimensions and back"] = () => Stack([4, 6, 5], new Reshape(2, 2, 6, 5), new Reshape(6, 4, 5)),
        ["softmax over an image"] = () => Image(new Activation(Activations.Softmax)),
        ["softmax over a sequence"] = () => Stack([3, 4], new Activation(Activations.Softmax)),
        ["concatenate channels"] = () => Joined(new Concatenate()),
        ["concatenate rows"] = () => Joined(new Concatenate { Axis = 1 }),
        ["concatenate columns"] = () => Joined(new Concatenate { Axis = -2 }),
        ["add"] = () => Joined(new Add()),
        ["multiply"] = () => Joined(new Multiply()),
        ["squeeze and excitation"] = Gated,
        ["a layer applied twice"] = Shared,
        ["several inputs and outputs"] = Several,
        ["what no node makes, and outputs named twice"] = Passing,
        ["a sequence added to an image"] = Broadcast,
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    public static TheoryData<UnaryFunction> Functions => new(Enum.GetValues<UnaryFunction>().Where(function => function != UnaryFunction.Not));

    public static TheoryData<BinaryFunction> BinaryFunctions => new(Enum.GetValues<BinaryFunction>());

    public static TheoryData<ReductionFunction> ReductionFunctions => new(Enum.GetValues<ReductionFunction>());

    [Theory]
    [MemberData(nameof(Names))]
    public void ONNX_Runtime_gives_what_Sepal_gives(string name)
    {
        using Model model = Models[name]();
        ExportHarness.Randomize(model, 7);
        ExportHarness.AssertAgrees(model, 1, name, tolerance: 1e-5);
        ExportHarness.AssertAgrees(model, 3, name, tolerance: 1e-5);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_activation_agrees(UnaryFunction function)
    {
        // Logarithms, roots and reciprocals are for positive numbers.
        var around = function is UnaryFunction.Log or UnaryFunction.Sqrt or UnaryFunction.Reciprocal ? new Rescaling(1, 2.5f) : new Rescaling(4);
        var unary = new Unary(function) { Minimum = -2, Maximum = 3, Beta = 0.4f };
        using Model image = Image(around, new Activation(unary));
        using Model row = Stack([50], around, new Activation(unary));
        ExportHarness.AssertAgrees(image, 3, function.ToString(), tolerance: 1e-5);
        ExportHarness.AssertAgrees(row, 1, function.ToString(), tolerance: 1e-5);
    }

    [Theory]
    [MemberData(nameof(BinaryFunctions))]
    public void Every_function_of_two_tensors_agrees(BinaryFunction function)
    {
        using Model model = Of([6, 7, 4], (builder, input) =>
        {
            Value left = builder.Add("positive", new Unary(UnaryFunction.Sigmoid), [input]).Output;
            Parameter right = builder.Parameter("right", [7, 4], new Sepal.Training.Initializers.Given(Operators.TestNumbers.Uniform(new Random(3), 28, 0.5f, 2)));
            return builder.Add("result", new Binary(function), [left, right]).Output;
        });

        ExportHarness.AssertAgrees(model, 3, function.ToString(), tolerance: 1e-5);
    }

    [Theory]
    [MemberData(nameof(ReductionFunctions))]
    public void Every_reduction_agrees(ReductionFunction function)
    {
        (Shape Input, int[] Axes)[] cases =
        [
            ([5, 4, 3], [1, 2]), ([5, 4, 3], [-1]), ([5, 4, 3], [2]), ([5, 4, 3], [1, 3]), ([4, 3], [1]), ([2, 5, 4, 3], [2]), ([6], [1]),
        ];
        foreach ((Shape shape, int[] axes) in cases)
        {
            foreach (bool keep in (bool[])[false, true])
            {
                using Model model = Of(shape, (builder, input) =>
                {
                    Value positive = builder.Add("positive", new Unary(UnaryFunction.Sigmoid), [input]).Output;
                    return builder.Add("result", new Reduction(function, [.. axes]) { KeepDimensions = keep }, [positive]).Output;
                });
                ExportHarness.AssertAgrees(model, 3, $"{function} of {shape} over {string.Join(", ", axes)}, {keep}", tolerance: 1e-5);
            }
        }
    }

    [Theory]
    [InlineData(PoolingFunction.Maximum, true, false, 2)]
    [InlineData(PoolingFunction.Maximum, false, false, 3)]
    [InlineData(PoolingFunction.Average, true, false, 1)]
    [InlineData(PoolingFunction.Average, false, true, 1)]
    public void Pooling_that_only_other_frameworks_do_agrees(PoolingFunction function, bool ceiling, bool counting, int dilation)
    {
        var pooling = new Pooling(function, (2, 3))
        {
            Strides = (3, 2),
            Padding = Padding2D.Explicit(1, 2, 0, 1),
            CeilMode = ceiling,
            CountIncludePad = counting,
            DilationRate = dilation,
        };
        using Model model = Of([10, 13, 4], (builder, input) => builder.Add("result", pooling, [input]).Output);

        ExportHarness.AssertAgrees(model, 2, pooling.ToString(), tolerance: 1e-5);
    }

    [Theory]
    [InlineData(PoolingIndices.RowMajor)]
    [InlineData(PoolingIndices.ColumnMajor)]
    public void The_indices_of_maxima_agree(PoolingIndices indices)
    {
        using Model model = Of([10, 13, 4], (builder, input) =>
        {
            Node pooled = builder.Add("pooled", new Pooling(PoolingFunction.Maximum, 2) { Indices = indices }, [input]);
            return builder.Add("result", new Cast(ElementType.Float32), [pooled.Outputs[1]]).Output;
        });

        ExportHarness.AssertAgrees(model, 2, indices.ToString(), tolerance: 0);
    }

    [Theory]
    [InlineData(0, 1, 2, 3)]
    [InlineData(0, 3, 1, 2)]
    [InlineData(0, 2, 1, 3)]
    [InlineData(0, 1, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(0, 4, 2, 3, 1)]
    public void Transposes_agree(params int[] permutation)
    {
        using Model model = Of(
            new Shape([.. Enumerable.Range(3, permutation.Length - 1).Select(length => (Dimension)length)]),
            (builder, input) => builder.Add("result", new Transpose([.. permutation]), [input]).Output);

        ExportHarness.AssertAgrees(model, 2, string.Join(", ", permutation), tolerance: 1e-6);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Matrix_products_softmax_along_an_axis_conditions_and_casts_agree(int rank)
    {
        int axis = rank - 1;
        using Model model = Of(new Shape([.. Enumerable.Repeat((Dimension)5, rank)]), (builder, input) =>
        {
            ConstantValue matrix = builder.Constant("m", TensorData.Of<float>([5, 5], ElementType.Float32, Operators.TestNumbers.Uniform(new Random(1), 25)));
            Value product = builder.Add("product", new MatMul(), [input, matrix]).Output;
            Value larger = builder.Add("larger", new Comparison(ComparisonFunction.Greater), [product, input]).Output;
            Value less = builder.Add("less", new Comparison(ComparisonFunction.LessOrEqual), [product, matrix]).Output;
            Value both = builder.Add("both", new Logical(LogicalFunction.Xor), [larger, less]).Output;
            Value neither = builder.Add("neither", new Unary(UnaryFunction.Not), [both]).Output;
            Value chosen = builder.Add("chosen", new Where(), [neither, product, input]).Output;
            Value shares = builder.Add("shares", new Sepal.Operators.Softmax { Axis = axis, Logarithmic = true }, [chosen]).Output;
            Value counted = builder.Add("counted", new Cast(ElementType.Float32), [larger]).Output;
            return builder.Add("result", new Binary(BinaryFunction.Add), [shares, counted]).Output;
        });

        ExportHarness.AssertAgrees(model, 3, $"rank {rank}", tolerance: 1e-5);
    }

    [Fact]
    public void Every_operator_can_be_exported_and_described()
    {
        // What stands for an unknown operator is counted, and neither run nor written; what rewrites make never leaves a session.
        string[] missing = ["Opaque"];
        Type[] operators = [.. typeof(Operator).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Operator)) && !type.IsAbstract && !type.IsAssignableTo(typeof(FusedOperator)) && !missing.Contains(type.Name))];

        Assert.NotEmpty(operators);
        Assert.All(operators, type => Assert.True(ExporterRegistry.Knows(type) && OperatorAttributes.Knows(type), type.Name));
    }

    [Fact]
    public void Names_are_the_nodes_paths_and_the_batch_is_open()
    {
        using Model model = Image(
            new SeparableConv2D(4, 3) { Name = "block", Activation = Activations.Swish },
            new Flatten { Name = "flatten" },
            new Dense(3) { Name = "classes" });

        GraphProto graph = ExportHarness.Export(model).Graph;

        Assert.Equal(
            [
                ("block/depthwise", "Conv"), ("block/pointwise", "Conv"), ("block/swish/sigmoid", "Sigmoid"), ("block/swish", "Mul"),
                ("block/swish/transposed", "Transpose"), ("flatten", "Flatten"), ("classes", "Gemm"),
            ],
            graph.Node.Select(node => (node.Name, node.OpType)));
        Assert.Equal(["block/depthwise_kernel", "block/pointwise_kernel", "block/bias", "classes/kernel", "classes/bias"], graph.Initializer.Select(tensor => tensor.Name));
        Assert.Equal(["batch", "6", "10", "13"], Dimensions(graph.Input[0]));
        Assert.Equal(["batch", "3"], Dimensions(graph.Output[0]));
        Assert.Equal("classes", graph.Output[0].Name);
    }

    [Fact]
    public void Padding_same_is_written_in_numbers_where_they_are_known()
    {
        using Model known = Image(new Conv2D(2, 3) { Padding = Padding2D.Same, Strides = 2 });
        using Model open = Stack([Dimension.Symbol("height"), 13, 6], new Conv2D(2, 3) { Padding = Padding2D.Same, Strides = 2 });
        using Model step = Stack([Dimension.Symbol("height"), 13, 6], new Conv2D(2, 4) { Padding = Padding2D.Same });

        // 10 rows: 5 outputs reach over 11; 13 columns: 7 outputs reach over 15.
        Assert.Equal([0, 1, 1, 1], Attribute(known, "pads").Ints);
        Assert.Equal("SAME_UPPER", Attribute(open, "auto_pad").S.ToStringUtf8());
        Assert.Equal([1, 1, 2, 2], Attribute(step, "pads").Ints);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 1)]
    public void An_open_height_and_width_give_the_same(int stride, int dilation)
    {
        Layer[] layers =
        [
            new Conv2D(4, 3) { Padding = Padding2D.Same, Strides = stride, DilationRate = dilation },
            new MaxPooling2D(3) { Padding = Padding2D.Same, Strides = stride },
            new AveragePooling2D(2) { Padding = Padding2D.Same, Strides = stride },
            new DepthwiseConv2D(2),
            new Reshape(-1, 4),
            new Dense(3),
        ];
        using Model known = Stack([31, 28, 3], layers);
        using Model open = Stack([Dimension.Symbol("height"), Dimension.Symbol("width"), 3], layers);
        ExportHarness.Randomize(known, 3);
        ExportHarness.Randomize(open, 3);
        var given = new Dictionary<string, TensorData>
        {
            ["input"] = ExportHarness.ToFile(Operators.TestNumbers.Uniform(new Random(2), 2 * 31 * 28 * 3), [2, 31, 28, 3]),
        };

        TensorData expected = OnnxRuntimeHarness.Run(ExportHarness.Export(known), given).Values.Single();
        TensorData actual = OnnxRuntimeHarness.Run(ExportHarness.Export(open), given).Values.Single();

        ExportHarness.AssertNear(expected, actual, 1e-6, "open size");
        ExportHarness.AssertAgrees(known, 2, "known size");
    }

    [Fact]
    public void What_cannot_be_written_says_why()
    {
        using Model padded = Stack(
            [Dimension.Symbol("height"), 13, 6], new Conv2D(2, 3) { Name = "c", Padding = Padding2D.Same, Strides = 2, DilationRate = 2 });
        using Model reshaped = Stack(
            [Dimension.Symbol("height"), Dimension.Symbol("width"), 6], new Reshape(Dimension.Symbol("height"), Dimension.Symbol("width"), 2, 3) { Name = "r" });

        using Model dilated = Of(
            [9, 9, 1], (builder, input) => builder.Add("p", new Pooling(PoolingFunction.Average, 2) { DilationRate = 2 }, [input]).Output);

        Assert.StartsWith("Node 'p' (AveragePooling): a mean over a window of dilation 2×2", Assert.Throws<OnnxException>(() => ExportHarness.Export(dilated)).Message);
        Assert.StartsWith("Node 'c' (Convolution): padding 'same' with strides 2×2 and dilation 2×2", Assert.Throws<OnnxException>(() => ExportHarness.Export(padded)).Message);
        Assert.StartsWith("Node 'r' (Reshape): the shape (batch, height, width, 2, 3) has more than one open dimension", Assert.Throws<OnnxException>(() => ExportHarness.Export(reshaped)).Message);
    }

    [Fact]
    public void Stored_constants_of_any_type_and_rank_are_written()
    {
        var builder = new GraphBuilder();
        Value input = builder.Input("x", new TensorSpec(new Shape(2, 3, 4, 5)));
        float[] numbers = Operators.TestNumbers.Uniform(new Random(1), 60);
        ConstantValue image = builder.Constant("image", TensorData.Of<float>([1, 3, 4, 5], ElementType.Float32, numbers));
        ConstantValue row = builder.Constant("row", TensorData.Of<float>([5], ElementType.Float32, [1, 2, 3, 4, 5]));
        Value sum = builder.Add("sum", new Binary(BinaryFunction.Add), [image, input]).Output;
        Value product = builder.Add("product", new Binary(BinaryFunction.Multiply), [row, sum]).Output;
        using var model = new Model(builder.Build(product));

        ExportHarness.AssertAgrees(model, 2, "constants", tolerance: 1e-6);
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        using Model model = Models["separable"]();
        using Model again = Models["separable"]();

        Assert.Equal(ExportHarness.Bytes(ExportHarness.Export(model)), ExportHarness.Bytes(ExportHarness.Export(again)));
    }

    private static Model Of(Shape input, Func<GraphBuilder, Value, Value> build)
    {
        var builder = new GraphBuilder();
        return new Model(builder.Build(build(builder, builder.Input("x", new TensorSpec(input.WithBatch())))));
    }

    private static AttributeProto Attribute(Model model, string name) =>
        ExportHarness.Export(model).Graph.Node[0].Attribute.Single(attribute => attribute.Name == name);

    private static string[] Dimensions(ValueInfoProto value) =>
        [.. value.Type.TensorType.Shape.Dim.Select(dimension => dimension.HasDimParam ? dimension.DimParam : $"{dimension.DimValue}")];

    private static Sequential Image(params Layer[] layers) => Stack([10, 13, 6], layers);

    private static Sequential Stack(Shape input, params Layer[] layers) => [new Input([.. input]) { Name = "input" }, .. layers];

    private static Model Joined(Layer join)
    {
        var input = new Input(6, 7, 3);
        LayerOutput left = new Conv2D(4, 3) { Padding = Padding2D.Same }.Apply(input);
        LayerOutput right = new DepthwiseConv2D(3) { Padding = Padding2D.Same }.Apply(left);
        return new Model(input, join.Apply(left, right, left));
    }

    private static Model Gated()
    {
        var input = new Input(6, 7, 8);
        LayerOutput gate = new GlobalAveragePooling2D { KeepDimensions = true }.Apply(input);
        gate = new Conv2D(2, 1) { Activation = Activations.Relu }.Apply(gate);
        gate = new Conv2D(8, 1) { Activation = Activations.HardSigmoid }.Apply(gate);
        return new Model(input, new Multiply().Apply(input, gate));
    }

    private static Model Shared()
    {
        var input = new Input(6, 7, 4);
        var shared = new Conv2D(4, 3) { Padding = Padding2D.Same };
        return new Model(input, shared.Apply(new Activation(Activations.Tanh).Apply(shared.Apply(input))));
    }

    private static Model Several()
    {
        var image = new Input(6, 7, 4) { Name = "image" };
        var row = new Input(5) { Name = "row" };
        LayerOutput features = new Conv2D(3, 3) { Name = "features" }.Apply(image);
        LayerOutput joined = new Concatenate().Apply(new Flatten().Apply(features), row);
        return new Model([image, row], [features, new Dense(4).Apply(joined)]);
    }

    private static Model Passing()
    {
        var builder = new GraphBuilder();
        Value input = builder.Input("x", new TensorSpec(new Shape(4, 5, 3).WithBatch()));
        Parameter parameter = builder.Parameter("p", [2, 3], Sepal.Training.Initializers.Constant.Ones);
        Value relu = builder.Add("relu", new Unary(UnaryFunction.Relu), [input]).Output;
        return new Model(builder.Build(relu, relu, input, parameter));
    }

    private static Model Broadcast()
    {
        var builder = new GraphBuilder();
        Value image = builder.Input("image", new TensorSpec(new Shape(3, 4, 5, 6)));
        Value matrix = builder.Input("matrix", new TensorSpec(new Shape(5, 6)));
        Value sum = builder.Add("sum", new Binary(BinaryFunction.Add), [matrix, image]).Output;
        Value tall = builder.Input("tall", new TensorSpec(new Shape(2, 1, 1, 1, 1)));
        return new Model(builder.Build(sum, builder.Add("product", new Binary(BinaryFunction.Multiply), [sum, tall]).Output));
    }
}
