using Sepal.Graphs;
using Sepal.Onnx.Protocol;
using Sepal.Tests.Operators;
using Xunit;

namespace Sepal.Tests.Onnx.Import;

/// <summary>
/// Arithmetic operators against ONNX Runtime, mostly behind a convolution, so that their input is channels-last inside while
/// axes and shapes are the file's.
/// </summary>
public sealed class ArithmeticImportTests
{
    private static readonly Dictionary<string, TensorData> Image = new() { ["x"] = ImportHarness.Numbers(3, 2, 3, 4, 5) };

    public static TheoryData<string> UnaryOperators { get; } =
    [
        "Abs", "Ceil", "Elu", "Erf", "Exp", "Floor", "HardSigmoid", "HardSwish", "LeakyRelu", "Mish", "Neg", "Reciprocal", "Relu", "Round",
        "Selu", "Sigmoid", "Sign", "Softplus", "Tanh",
    ];

    [Theory]
    [MemberData(nameof(UnaryOperators))]
    public void Functions_of_one_number(string operatorType) => Check(18, builder => builder.Node(operatorType, "c", "y"));

    [Fact]
    public void Functions_with_attributes()
    {
        Check(17, builder => builder.Node("LeakyRelu", "c", "y", ("alpha", 0.3f)));
        Check(17, builder => builder.Node("Elu", "c", "y", ("alpha", 2f)));
        Check(17, builder => builder.Node("Selu", "c", "y", ("alpha", 2f), ("gamma", 3f)));
        Check(17, builder => builder.Node("HardSigmoid", "c", "y", ("alpha", 0.4f), ("beta", 0.3f)));
        Check(20, builder => builder.Node("Gelu", "c", "y"));
        Check(20, builder => builder.Node("Gelu", "c", "y", ("approximate", "tanh")));
    }

    [Fact]
    public void Functions_of_positive_numbers()
    {
        Check(17, builder => builder.Node("Abs", "c", "a").Node("Log", "a", "y"));
        Check(17, builder => builder.Node("Abs", "c", "a").Node("Sqrt", "a", "y"));
        Check(17, builder => builder.Node("Abs", "c", "a").Node("Pow", "a e", "y").Initializer("e", ElementHarness.Tensor([1], 0.7f)));
        Check(17, builder => builder.Node("Pow", "c e", "y").Initializer("e", ElementHarness.Tensor([], 2f)));
        Check(17, builder => builder.Node("Pow", "c e", "y").Initializer("e", ElementHarness.Tensor<long>([1], 3)));
        Check(17, builder => builder.Node("Abs", "c", "a").Node("Pow", "a e", "y").Initializer("e", ImportHarness.Numbers(4, 4, 1, 1)));
    }

    [Fact]
    public void Bounds()
    {
        Check(6, builder => builder.Node("Clip", "c", "y", ("min", -0.2f), ("max", 0.3f)));
        Check(17, builder => builder.Node("Clip", "c low high", "y")
            .Initializer("low", ElementHarness.Tensor([], -0.2f)).Initializer("high", ElementHarness.Tensor([], 0.3f)));
        Check(17, builder => builder.Node("Clip", "c - high", "y").Initializer("high", ElementHarness.Tensor([], 0.3f)));
        Check(17, builder => builder.Node("Clip", "c low", "y").Initializer("low", ElementHarness.Tensor([], 0f)));
        Check(17, builder => builder.Node("ReduceMax", "c", "high", ("keepdims", 0)).Node("Neg", "high", "low").Node("Clip", "c low high", "y"));
    }

    [Theory]
    [InlineData("Add")]
    [InlineData("Sub")]
    [InlineData("Mul")]
    [InlineData("Div")]
    [InlineData("PRelu")]
    [InlineData("Min")]
    [InlineData("Max")]
    [InlineData("Sum")]
    [InlineData("Mean")]
    public void Functions_of_two_numbers_with_repetition(string operatorType)
    {
        foreach (long[] shape in (long[][])[[4, 4, 5], [4, 1, 1], [5], [1, 4, 1, 5], [4, 5], [1]])
        {
            Check(17, builder => builder.Node(operatorType, "c w", "y").Initializer("w", ImportHarness.Numbers(7, shape)));
            if (operatorType != "PRelu")
            {
                Check(17, builder => builder.Node(operatorType, "w c", "y").Initializer("w", ImportHarness.Numbers(7, shape)));
            }
        }
    }

    [Fact]
    public void Many_operands()
    {
        foreach (string operatorType in (string[])["Sum", "Mean", "Min", "Max"])
        {
            Check(17, builder => builder.Node(operatorType, "c w v x4", "y").Node("Tanh", "c", "x4")
                .Initializer("w", ImportHarness.Numbers(7, 4, 1, 1)).Initializer("v", ImportHarness.Numbers(8, 5)));
            Check(17, builder => builder.Node(operatorType, "c", "y"));
        }
    }

    [Theory]
    [InlineData("Add", new long[] { 4 }, 1)]
    [InlineData("Mul", new long[] { 4, 4 }, 1)]
    [InlineData("Sub", new long[] { 5 }, -1)]
    [InlineData("Div", new long[] { 4, 5 }, 2)]
    public void Broadcasting_before_operator_set_7(string operatorType, long[] shape, int axis)
    {
        TensorData operand = ImportHarness.Numbers(7, shape);
        long[] padded = [.. shape, .. Enumerable.Repeat(1L, axis < 0 ? 0 : 4 - axis - shape.Length)];
        OnnxModelBuilder old = Builder(6).Node(operatorType, "c w", "y", axis < 0 ? [("broadcast", 1)] : [("broadcast", 1), ("axis", axis)])
            .Initializer("w", operand).Output("y");
        OnnxModelBuilder current = Builder(7).Node(operatorType, "c w", "y")
            .Initializer("w", new TensorData([.. padded.Select(Dimension.FromInt64)], ElementType.Float32, operand.Bytes)).Output("y");

        // ONNX Runtime no longer reads the old form.
        TensorData expected = OnnxRuntimeHarness.Run(current.Model, Image)["y"];
        TensorData actual = ImportHarness.Run(old.Model, Image)["y"];
        Comparer.AssertClose(
            Array.ConvertAll(expected.Elements<float>().ToArray(), value => (double)value), actual.Elements<float>(), 30, [expected.Length], operatorType);
    }

    [Fact]
    public void Comparisons_and_selections()
    {
        foreach (string operatorType in (string[])["Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual"])
        {
            Check(17, builder => builder.Node(operatorType, "c w", "y").Initializer("w", ImportHarness.Numbers(7, 4, 1, 1)), ElementType.Boolean);
        }

        Check(17, builder => builder.Node("Greater", "c z", "a").Node("Less", "c w", "b").Node("And", "a b", "d").Node("Xor", "d a", "e")
            .Node("Not", "e", "f").Node("Or", "f b", "g").Node("Where", "g c w", "y")
            .Initializer("z", ElementHarness.Tensor([], 0f)).Initializer("w", ImportHarness.Numbers(7, 4, 1, 1)));
    }

    [Theory]
    [InlineData("Softmax")]
    [InlineData("LogSoftmax")]
    public void Softmax_along_any_axis_and_over_tails(string operatorType)
    {
        foreach (int axis in (int[])[0, 1, 2, 3, -1, -3])
        {
            Check(13, builder => builder.Node(operatorType, "c", "y", ("axis", axis)));
            Check(11, builder => builder.Node(operatorType, "c", "y", ("axis", axis)));
        }

        Check(13, builder => builder.Node(operatorType, "c", "y"));
        Check(11, builder => builder.Node(operatorType, "c", "y"));
        Check(11, builder => builder.Node("ReduceMean", "c", "m", ("axes", (int[])[2, 3])).Node(operatorType, "m", "y"));
    }

    [Theory]
    [InlineData("ReduceMean")]
    [InlineData("ReduceSum")]
    [InlineData("ReduceMax")]
    [InlineData("ReduceMin")]
    [InlineData("ReduceProd")]
    [InlineData("ReduceL1")]
    [InlineData("ReduceL2")]
    [InlineData("ReduceSumSquare")]
    [InlineData("ReduceLogSum")]
    [InlineData("ReduceLogSumExp")]
    public void Reductions_over_any_axes(string operatorType)
    {
        int[][] lists = [[0], [1], [2], [3], [-1], [0, 1], [0, 2], [1, 2], [1, 3], [2, 3], [0, 2, 3], [1, 2, 3], [-2, -1], [0, 1, 2, 3]];
        foreach (int[] axes in lists)
        {
            foreach (int keep in (int[])[0, 1])
            {
                Check(18, builder => builder.Node("Abs", "c", "a").Node(operatorType, "a axes", "y", ("keepdims", keep))
                    .Initializer("axes", ElementHarness.Tensor([axes.Length], Array.ConvertAll(axes, axis => (long)axis))));
                if (operatorType != "ReduceSum")
                {
                    Check(11, builder => builder.Node("Abs", "c", "a").Node(operatorType, "a", "y", ("axes", axes), ("keepdims", keep)));
                }
            }
        }

        Check(17, builder => builder.Node("Abs", "c", "a").Node(operatorType, "a", "y"));
        if (operatorType is "ReduceSum" or "ReduceMean" or "ReduceMax")
        {
            Check(18, builder => builder.Node(operatorType, "c", "y", ("noop_with_empty_axes", 1)));
        }
    }

    [Fact]
    public void Positions_and_the_most_extreme()
    {
        foreach (int axis in (int[])[0, 1, 2, 3, -1])
        {
            foreach (int keep in (int[])[0, 1])
            {
                Check(13, builder => builder.Node("ArgMax", "c", "y", ("axis", axis), ("keepdims", keep)), ElementType.Int64);
                Check(13, builder => builder.Node("Sign", "c", "s").Node("ArgMin", "s", "y", ("axis", axis), ("keepdims", keep), ("select_last_index", 1)), ElementType.Int64);
            }

            TensorData two = ElementHarness.Tensor<long>([1], 2);
            Check(11, builder => builder.Node("TopK", "c k", "y p", ("axis", axis)).Initializer("k", two));
            Check(11, builder => builder.Node("TopK", "c k", "v y", ("axis", axis), ("largest", 0)).Initializer("k", two), ElementType.Int64);
        }

        Check(6, builder => builder.Node("TopK", "c", "y p", ("axis", 1), ("k", 3)));
    }

    [Fact]
    public void Matrix_products()
    {
        Check(13, builder => builder.Node("MatMul", "c w", "y").Initializer("w", ImportHarness.Numbers(7, 5, 6)));
        Check(13, builder => builder.Node("MatMul", "c w", "y").Initializer("w", ImportHarness.Numbers(7, 4, 5, 6)));
        Check(13, builder => builder.Node("MatMul", "c w", "y").Initializer("w", ImportHarness.Numbers(7, 5)));
        Check(13, builder => builder.Node("MatMul", "w c", "y").Initializer("w", ImportHarness.Numbers(7, 3, 4)));
        Check(13, builder => builder.Node("Tanh", "c", "t").Node("MatMul", "t w", "s").Node("MatMul", "s c", "y").Initializer("w", ImportHarness.Numbers(7, 5, 4)));
    }

    [Theory]
    [InlineData(0, 0, 1f, 1f)]
    [InlineData(0, 1, 1f, 1f)]
    [InlineData(0, 1, 0.5f, 1f)]
    [InlineData(1, 0, 1f, 0.25f)]
    [InlineData(1, 1, 2f, 0f)]
    public void General_matrix_products(int left, int right, float alpha, float beta)
    {
        foreach (long[]? addend in (long[]?[])[null, [6], [1, 6], [1], [2, 6], [2, 1]])
        {
            foreach (bool data in (bool[])[false, true])
            {
                OnnxModelBuilder builder = new OnnxModelBuilder(13)
                    .Input("x", ElementType.Float32, left == 0 ? [2, 5] : [5, 2])
                    .Node("Gemm", addend is null ? "x w" : "x w b", "y", ("transA", left), ("transB", right), ("alpha", alpha), ("beta", beta))
                    .Output("y");
                var inputs = new Dictionary<string, TensorData> { ["x"] = left == 0 ? ImportHarness.Numbers(1, 2, 5) : ImportHarness.Numbers(1, 5, 2) };
                TensorData weights = right == 0 ? ImportHarness.Numbers(2, 5, 6) : ImportHarness.Numbers(2, 6, 5);
                if (data)
                {
                    builder.Input("w", ElementType.Float32, [.. weights.Shape.Select(dimension => (object)dimension.Value)]);
                    inputs.Add("w", weights);
                }
                else
                {
                    builder.Initializer("w", weights);
                }

                if (addend is not null)
                {
                    builder.Initializer("b", ImportHarness.Numbers(3, addend));
                }

                ImportHarness.Check(builder.Model, inputs);
            }
        }
    }

    [Fact]
    public void Normalizations()
    {
        Check(17, builder => builder.Node("LayerNormalization", "c s b", "y")
            .Initializer("s", ImportHarness.Numbers(1, 5)).Initializer("b", ImportHarness.Numbers(2, 5)));
        Check(17, builder => builder.Node("LayerNormalization", "c s", "y", ("axis", 1), ("epsilon", 0.1f))
            .Initializer("s", ImportHarness.Numbers(1, 4, 4, 5)));
        Check(17, builder => builder.Node("InstanceNormalization", "c s b", "y", ("epsilon", 0.1f))
            .Initializer("s", ImportHarness.Numbers(1, 4)).Initializer("b", ImportHarness.Numbers(2, 4)));
        Check(17, builder => builder.Node("LRN", "c", "y", ("size", 3), ("alpha", 0.5f), ("beta", 0.6f), ("bias", 1.5f)));
    }

    [Fact]
    public void Quantization()
    {
        TensorData scale = ElementHarness.Tensor([4], 0.01f, 0.02f, 0.005f, 0.1f);
        TensorData zero = ElementHarness.Tensor<sbyte>([4], 1, -2, 0, 7);
        Check(13, builder => builder.Node("QuantizeLinear", "c s z", "q").Node("DequantizeLinear", "q s z", "y")
            .Initializer("s", scale).Initializer("z", zero), tolerance: 0.02);
        Check(10, builder => builder.Node("QuantizeLinear", "c s z", "q").Node("DequantizeLinear", "q s z", "y")
            .Initializer("s", ElementHarness.Tensor([], 0.02f)).Initializer("z", ElementHarness.Tensor<byte>([], 100)), tolerance: 0.02);
        Check(21, builder => builder.Node("QuantizeLinear", "c s", "q").Node("DequantizeLinear", "q s", "y")
            .Initializer("s", ElementHarness.Tensor([], 0.02f)), tolerance: 0.02);
    }

    [Fact]
    public void Integers()
    {
        foreach (string operatorType in (string[])["Add", "Sub", "Mul", "Div", "Min", "Max"])
        {
            OnnxModelBuilder builder = new OnnxModelBuilder()
                .Input("x", ElementType.Int32, 2, 3).Input("w", ElementType.Int32, 3).Node(operatorType, "x w", "y").Output("y", ElementType.Int32);
            ImportHarness.Check(builder.Model, new Dictionary<string, TensorData>
            {
                ["x"] = ElementHarness.Tensor<int>([2, 3], 7, -7, 100, 5, int.MaxValue, -9),
                ["w"] = ElementHarness.Tensor<int>([3], 2, 3, -4),
            });
        }

        OnnxModelBuilder reduced = new OnnxModelBuilder()
            .Input("x", ElementType.Int32, 2, 3).Node("ReduceMean", "x", "y", ("axes", (int[])[1])).Output("y", ElementType.Int32);
        ImportHarness.Check(reduced.Model, new Dictionary<string, TensorData> { ["x"] = ElementHarness.Tensor<int>([2, 3], 7, -8, 100, 5, 6, -20) });
    }

    [Fact]
    public void Old_operator_sets_are_read_where_nothing_changed_since()
    {
        OnnxModelBuilder same = new OnnxModelBuilder(1).Input("x", ElementType.Float32, 2, 3).Node("Softplus", "x", "y").Output("y");
        Assert.Equal([2, 3], ImportHarness.Run(same.Model, new Dictionary<string, TensorData> { ["x"] = ImportHarness.Numbers(1, 2, 3) })["y"].Shape);
        OnnxModelBuilder changed = new OnnxModelBuilder(1).Input("x", ElementType.Float32, 2, 3).Node("Add", "x x", "y").Output("y");
        string message = Assert.Throws<SepalException>(() => ImportHarness.Run(changed.Model, Image)).Message;
        Assert.Contains("version 1 of the ONNX operator set", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_input_is_known()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder(13)
            .Input("x", ElementType.Float32, 2, 3).Input("axes", ElementType.Int64, 0).Node("ReduceSum", "x axes", "y", ("noop_with_empty_axes", 1)).Output("y");
        ImportHarness.Check(builder.Model, new Dictionary<string, TensorData>
        {
            ["x"] = ImportHarness.Numbers(1, 2, 3),
            ["axes"] = ElementHarness.Tensor<long>([0]),
        });
    }

    private static OnnxModelBuilder Builder(int opset) => new OnnxModelBuilder(opset)
        .Input("x", ElementType.Float32, "batch", 3, 4, 5)
        .Initializer("kernel", ImportHarness.Numbers(1, 4, 3, 1, 1))
        .Node("Conv", "x kernel", "c");

    private static void Check(
        int opset, Func<OnnxModelBuilder, OnnxModelBuilder> add, ElementType type = ElementType.Float32, double tolerance = 1e-4)
    {
        ModelProto model = add(Builder(opset)).Output("y", type).Model;
        ImportHarness.Check(model, Image, tolerance);
    }
}
