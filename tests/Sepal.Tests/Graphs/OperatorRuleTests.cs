using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Graphs;

/// <summary>Every operator's shape rule, what it refuses, and its cost rule.</summary>
public sealed class OperatorRuleTests
{
    private static readonly Dimension Batch = Dimension.Batch;
    private static readonly Shape Image = [Batch, 8, 9, 6];
    private static readonly Shape Matrix = [Batch, 10];
    private static readonly Shape Open = [Batch, 8, 9, Dimension.Symbol("c")];

    public static TheoryData<Operator, Shape[], Shape> Shapes() => new()
    {
        { new Convolution(4, (3, 2)) { Strides = (2, 1) }, [Image, [3, 2, 6, 4], [4]], [Batch, 3, 8, 4] },
        { new Convolution(12, 3) { Groups = 6, Padding = Padding2D.Same }, [Image, [3, 3, 1, 12]], [Batch, 8, 9, 12] },
        { new Dense(5), [Matrix, [10, 5], [5]], [Batch, 5] },
        { new Dense(5), [Image, [6, 5]], [Batch, 8, 9, 5] },
        { new Unary(UnaryFunction.Relu), [Image], Image },
        { new Softmax(), [Matrix], Matrix },
        { new Binary(BinaryFunction.Add), [Image, [Batch, 1, 1, 6]], Image },
        { new Binary(BinaryFunction.Multiply), [[6], Image], Image },
        { new Binary(BinaryFunction.Multiply), [[Batch, 1, 9, 6], [1, 8, 1, 6]], Image },
        { new Binary(BinaryFunction.Subtract), [[Batch, Dimension.Symbol("h"), 6], [1, 1, 6]], [Batch, Dimension.Symbol("h"), 6] },
        { new Binary(BinaryFunction.Divide), [[Batch, 1, 6], [Batch, Dimension.Symbol("h"), 1]], [Batch, Dimension.Symbol("h"), 6] },
        { new Comparison(ComparisonFunction.Less), [Image, [6]], Image },
        { new Pooling(PoolingFunction.Maximum, 2), [Image], [Batch, 4, 4, 6] },
        { new Pooling(PoolingFunction.Average, 3) { Strides = 2, Padding = Padding2D.Same }, [Image], [Batch, 4, 5, 6] },
        { new Pooling(PoolingFunction.Maximum, 3) { Strides = 2, CeilMode = true }, [Image], [Batch, 4, 4, 6] },
        { new Pooling(PoolingFunction.Maximum, 1) { Strides = (3, 2), CeilMode = true }, [[1, 5, 6, 2]], [1, 2, 3, 2] },
        { new Pooling(PoolingFunction.Maximum, 2) { DilationRate = 3, Strides = 1 }, [Image], [Batch, 5, 6, 6] },
        { new Pooling(PoolingFunction.Average, 1) { Padding = 1, Strides = 1, CountIncludePad = true }, [Image], [Batch, 10, 11, 6] },
        { new ConvolutionTranspose(4, (3, 2)) { Strides = 2, Padding = 1, OutputPadding = (1, 0) }, [Image, [3, 2, 4, 6]], [Batch, 16, 16, 4] },
        { new ConvolutionTranspose(4, 1) { Groups = 2 }, [[1, Dimension.Symbol("h"), 3, 6], [1, 1, 2, 6]], [1, Dimension.Symbol("h"), 3, 4] },
        { new Resize(ResizeMode.Linear, [Batch, 16, 3, 6]), [Image], [Batch, 16, 3, 6] },
        { new GlobalPooling(PoolingFunction.Average), [Image], [Batch, 6] },
        { new GlobalPooling(PoolingFunction.Average) { KeepDimensions = true }, [Image], [Batch, 1, 1, 6] },
        { new BatchNormalization(), [Image, [6], [6], [6], [6]], Image },
        { new Concatenate(), [Image, Image], [Batch, 8, 9, 12] },
        { new Concatenate(1), [Image, [Batch, 3, 9, 6]], [Batch, 11, 9, 6] },
        { new Concatenate(0), [Image, [3, 8, 9, 6]], [Batch + 3, 8, 9, 6] },
        { new Transpose([0, 3, 1, 2]), [Image], [Batch, 6, 8, 9] },
        { new Transpose([]), [Shape.Scalar], Shape.Scalar },
        { new Split(-1, [2, 4]), [Image], [Batch, 8, 9, 2] },
        { new Slice([1], [Dimension.FromInt64(-1)], [1], [2]), [Image], [Batch, 3, 9, 6] },
        { new Slice([0], [long.MaxValue], [0], [1]), [Image], Image },
        { new Expand([Batch, 8, 1, 1]), [[9, 6]], [Batch, 8, 9, 6] },
        { new Tile([1, 2, 1, Dimension.Symbol("n")]), [Image], [Batch, 16, 9, 6 * Dimension.Symbol("n")] },
        { new Pad(PadMode.Edge, [0, 1, -2, 0], [0, 0, 1, 0]), [Image], [Batch, 9, 8, 6] },
        { new Flatten(), [Image], [Batch, 432] },
        { new Reshape([9, 48]), [Image], [Batch, 9, 48] },
        { new Reshape([-1, 54]), [Image], [Batch, 8, 54] },
        { new Reshape([-1]), [[Batch, Dimension.Symbol("h"), 3]], [Batch, Dimension.Symbol("h") * 3] },
        { new Reshape([Batch, -1]) { KeepsBatch = false }, [Image], [Batch, 432] },
        { new Reshape([-1, 6]) { KeepsBatch = false }, [Image], [Batch * 72, 6] },
        { new Reshape([]) { KeepsBatch = false }, [[1, 1]], Shape.Scalar },
        { new Reshape([0, 7]) { KeepsBatch = false }, [[3, 0]], [0, 7] },
        { new Dropout(0.5f), [Image], Image },
        { new MatMul(), [[Batch, 4, 7], [7, 5]], [Batch, 4, 5] },
        { new MatMul(), [[Batch, 1, 4, 7], [3, 7, 5]], [Batch, 3, 4, 5] },
        { new MatMul(), [[7], [Batch, 7, 5]], [Batch, 5] },
        { new MatMul(), [[Batch, 4, 7], [7]], [Batch, 4] },
        { new MatMul(), [[7], [7]], Shape.Scalar },
        { new InstanceNormalization(), [Image, [6], [6]], Image },
        { new LocalResponseNormalization(3), [Image], Image },
        { new Reduction(ReductionFunction.Sum, [1, 2]), [Image], [Batch, 6] },
        { new Reduction(ReductionFunction.Sum, [-1]) { KeepDimensions = true }, [Image], [Batch, 8, 9, 1] },
        { new Reduction(ReductionFunction.Sum, []), [Image], Shape.Scalar },
        { new ArgExtremum(ExtremumFunction.Maximum, 1), [Image], [Batch, 9, 6] },
        { new QuantizeLinear(ElementType.Int8, 3), [Image, [6]], Image },
        { new ZeroPadding(Padding2D.Explicit(1, 2, 3, 4)), [Image], [Batch, 12, 15, 6] },
        { new Rescaling(2, 1), [Image], Image },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Infers_the_output(Operator @operator, Shape[] inputs, Shape expected) =>
        Assert.Equal(expected, @operator.InferOutputs(Call(@operator, inputs))[0].Shape);

    public static TheoryData<Operator, Shape[], string> Refusals() => new()
    {
        { new Convolution(4, 3), [Matrix, [3, 3, 6, 4]], "has 2 dimension(s)" },
        { new Convolution(4, 3), [Open, [3, 3, 6, 4]], "no fixed number of channels" },
        { new Convolution(4, 3), [Image, [3, 3, 5, 4]], "Expected (3, 3, 6, 4)" },
        { new Convolution(4, 3), [Image, [3, 3, 6, 4], [5]], "the bias [filters]" },
        { new Convolution(0, 3), [Image, [3, 3, 6, 1]], "0 filters" },
        { new Convolution(4, 3) { Groups = 4 }, [Image, [3, 3, 1, 4]], "4 groups" },
        { new Convolution(4, 9), [Image, [9, 9, 6, 4]], "covers 9 in height" },
        { new Dense(5), [[10], [10, 5]], "has 1 dimension(s)" },
        { new Dense(0), [Matrix, [10, 1]], "0 units" },
        { new Dense(5), [Matrix, [9, 5]], "Expected (10, 5)" },
        { new Dense(5), [Matrix, [10, 5], [4]], "the bias [units]" },
        { new Dense(5), [Matrix], "was given 1 input(s)" },
        { new Unary(UnaryFunction.Relu), [Image, Image], "Expected 1: a tensor" },
        { new Softmax { Axis = 4 }, [Image], "the axis is 4" },
        { new MatMul(), [Matrix, [9, 4]], "has 10 columns and the right one 9 rows" },
        { new MatMul(), [[2, 3, 4], [3, 4, 5]], "the shapes differ in dimension 0" },
        { new MatMul(), [Shape.Scalar, [4]], "an operand is a scalar" },
        { new LayerNormalization(), [Image, [5]], "Expected (6)" },
        { new LayerNormalization { Epsilon = -1 }, [Image, [6]], "epsilon is -1" },
        { new InstanceNormalization(), [Matrix, [10], [10]], "has 2 dimension(s)" },
        { new InstanceNormalization(), [Image, [6], [5]], "the offset [channels]" },
        { new LocalResponseNormalization(0), [Image], "the size is 0" },
        { new QuantizeLinear(ElementType.Int32), [Image, [1]], "it is to give Int32" },
        { new QuantizeLinear(ElementType.Int8, 3), [Image, [5]], "Expected (6)" },
        { new DequantizeLinear(), [Image, [1]], "it does not apply to Float32" },
        { new Binary(BinaryFunction.Add), [Image, [Batch, 8, 9, 5]], "differ in dimension 3: 6 and 5" },
        { new Binary(BinaryFunction.Add), [Image], "Expected 2" },
        { new Pooling(PoolingFunction.Maximum, 2), [Matrix], "has 2 dimension(s)" },
        { new Pooling(PoolingFunction.Maximum, 2) { Padding = 2 }, [Image], "as large as the window 2×2" },
        { new Pooling(PoolingFunction.Maximum, 9), [Image], "covers 9 in height" },
        { new Pooling(PoolingFunction.Average, 2) { Indices = PoolingIndices.RowMajor }, [Image], "where a mean was" },
        { new ConvolutionTranspose(4, 3) { Groups = 4 }, [Image, [3, 3, 1, 6]], "4 groups do not divide 6 input channels" },
        { new ConvolutionTranspose(4, 3), [Image, [3, 3, 6, 4]], "Expected (3, 3, 4, 6)" },
        { new ConvolutionTranspose(4, 3) { Strides = 0 }, [Image, [3, 3, 4, 6]], "the strides is 0×0" },
        { new ConvolutionTranspose(4, 3) { Padding = Padding2D.Same }, [Image, [3, 3, 4, 6]], "the padding is same" },
        { new ConvolutionTranspose(4, 3) { Padding = 5 }, [[1, 8, 9, 6], [3, 3, 4, 6]], "the padding leaves 0 rows or columns" },
        { new Resize(ResizeMode.Linear, [Batch, 16]), [Image], "Expected 4 of them" },
        { new Resize(ResizeMode.Cubic, Image) { Coordinates = ResizeCoordinates.TensorFlowHalfPixelForNearest }, [Image], "for nearest mode only" },
        { new Resize(ResizeMode.Linear, Image) { Scales = [1, 2] }, [Image], "the scales are [1, 2]" },
        { new Resize(ResizeMode.Linear, Image) { Scales = [1, 2, float.NaN, 1] }, [Image], "Expected 4 positive numbers" },
        { new Resize(ResizeMode.Linear, Image) { Coordinates = ResizeCoordinates.TensorFlowCropAndResize }, [Image], "the region has 0 numbers" },
        { new GlobalPooling(PoolingFunction.Maximum), [Matrix], "has 2 dimension(s)" },
        { new BatchNormalization(), [Image, [6], [5], [6], [6]], "the offset [channels]" },
        { new BatchNormalization(), [Image, [6], [6]], "was given 3 input(s)" },
        { new BatchNormalization { Momentum = 1.5f }, [Image, [6], [6], [6], [6]], "momentum is 1.5" },
        { new BatchNormalization { Epsilon = float.NaN }, [Image, [6], [6], [6], [6]], "epsilon NaN" },
        { new Concatenate(), [], "no input" },
        { new Concatenate(-5), [Image, Image], "the axis is -5" },
        { new Concatenate(4), [Image, Image], "the axis is 4" },
        { new Concatenate(), [Image, [Batch, 8, 8, 6]], "All dimensions but dimension 3" },
        { new Concatenate(), [Image, Matrix], "shapes differ" },
        { new Flatten(), [Shape.Scalar], "a scalar" },
        { new Reshape([9, 47]), [Image], "does not hold 432 elements" },
        { new Reshape([-1, 100]), [Image], "does not hold 432 elements" },
        { new Reshape([-1, -1]), [Image], "at most one may be −1" },
        { new Reshape([0]), [Image], "must be positive" },
        { new Reshape([7, 6]) { KeepsBatch = false }, [[6, 8]], "does not hold 48 elements" },
        { new Reshape([0, -1]) { KeepsBatch = false }, [[0, 8]], "leaves −1 undecided" },
        { new Split(1, [3, 4]), [Image], "the sizes [3, 4] do not make up the 8" },
        { new Split(1, [9, -1]), [Image], "the sizes [9, -1]" },
        { new Slice([0, 0], [1, 1], [1, -3], [1, 1]), [Image], "axis 1 is sliced twice" },
        { new Slice([0], [1], [1], [0]), [Image], "the step along axis 1 is 0" },
        { new Slice([0], [1], [4], [1]), [Image], "the axis is 4" },
        { new Slice([0], [1], [1], []), [Image], "1 starts, 1 ends, 1 axes and 0 steps" },
        { new Gather(2), [Matrix, [3]], "input 1 holds Float32" },
        { new Expand([8, 5, 6]), [Image], "dimension 2 is 9, and the target shape (8, 5, 6) asks for 5" },
        { new Tile([1, 2]), [Image], "Expected 4 numbers of at least 0" },
        { new Tile([1, 2, -1, 1]), [Image], "the repeats are [1, 2, -1, 1]" },
        { new Pad(PadMode.Constant, [0, 0], [0, 0]), [Image], "Expected 4 32-bit numbers" },
        { new Pad(PadMode.Constant, [0, -5, 0, 0], [0, -4, 0, 0]), [Image], "cropping leaves -1 of dimension 1" },
        { new Pad(PadMode.Reflect, [1], [1]), [[0]], "needs an element to repeat" },
        { new Pad(PadMode.Constant, [1], [1]), [[3], [2]], "the value is no single element" },
        { new Transpose([0, 1, 1, 2]), [Image], "the permutation is [0, 1, 1, 2]" },
        { new Transpose([0, 1]), [Image], "Expected each axis from 0 to 3 once" },
        { new Cast((ElementType)99), [Image], "the element type 99 is unknown" },
        { new Dropout(1), [Image], "the rate is 1" },
        { new Dropout(float.NaN), [Image], "the rate is NaN" },
        { new ZeroPadding(Padding2D.Same), [Image], "the padding is same" },
        { new ZeroPadding(Padding2D.Explicit(0, 0, -1, 0)), [Image], "bottom -1" },
        { new Rescaling(float.PositiveInfinity), [Image], "Give finite numbers" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Refuses_what_does_not_fit(Operator @operator, Shape[] inputs, string part)
    {
        string message = Assert.Throws<GraphException>(() => @operator.InferOutputs(Call(@operator, inputs))).Message;
        Assert.StartsWith($"Node 'node' ({@operator.Name}): ", message, StringComparison.Ordinal);
        Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.All(inputs, input => Assert.Contains(new TensorSpec(input).Describe(), message, StringComparison.Ordinal));
    }

    public static TheoryData<Operator, Shape[], long, long, long> Costs() => new()
    {
        { new Convolution(4, 3), [[2, 8, 9, 6], [3, 3, 6, 4], [4]], 2 * 6 * 7 * 4 * 54, 2 * 6 * 7 * 4, (864 + 216 + 4 + 336) * 4 },
        { new Convolution(6, 3) { Groups = 6 }, [[2, 8, 9, 6], [3, 3, 1, 6]], 2 * 6 * 7 * 6 * 9, 0, (864 + 54 + 504) * 4 },
        { new Dense(5), [[2, 10], [10, 5], [5]], 100, 10, (20 + 50 + 5 + 10) * 4 },
        { new Unary(UnaryFunction.Gelu), [[2, 10]], 0, 20, 160 },
        { new Softmax(), [[2, 10]], 0, 100, 160 },
        { new Binary(BinaryFunction.Add), [[2, 10], [10]], 0, 20, (20 + 10 + 20) * 4 },
        { new Comparison(ComparisonFunction.Less), [[2, 10], [10]], 0, 20, (20 + 10) * 4 + 20 },
        { new Pooling(PoolingFunction.Average, 2), [[1, 4, 4, 3]], 0, 48, (48 + 12) * 4 },
        { new ConvolutionTranspose(4, 3) { Groups = 2 }, [[1, 4, 4, 6], [3, 3, 2, 6]], 96 * 9 * 2, 0, (96 + 108 + 144) * 4 },
        { new Resize(ResizeMode.Linear, [1, 8, 4, 3]), [[1, 4, 4, 3]], 0, 96 * 4, (48 + 96) * 4 },
        { new Resize(ResizeMode.Nearest, [1, 8, 8, 3]), [[1, 4, 4, 3]], 0, 192, (48 + 192) * 4 },
        { new GlobalPooling(PoolingFunction.Maximum), [[1, 4, 4, 3]], 0, 48, (48 + 3) * 4 },
        { new BatchNormalization(), [[1, 4, 4, 3], [3], [3], [3], [3]], 0, 96, (48 + 12 + 48) * 4 },
        { new Concatenate(), [[1, 3], [1, 4]], 0, 0, 14 * 4 },
        { new Transpose([1, 0]), [[3, 4]], 0, 0, 24 * 4 },
        { new Cast(ElementType.Int64), [[3, 4]], 0, 12, 12 * 12 },
        { new Split(0, [1, 2]), [[3, 4]], 0, 0, 24 * 4 },
        { new Slice([1], [3], [0], [1]), [[3, 4]], 0, 0, (12 + 8) * 4 },
        { new Expand([3, 4]), [[4]], 0, 0, (4 + 12) * 4 },
        { new Tile([2, 1]), [[3, 4]], 0, 0, (12 + 24) * 4 },
        { new Pad(PadMode.Constant, [1, 0], [0, 0]), [[3, 4]], 0, 0, (12 + 16) * 4 },
        { new Cast(ElementType.Float32), [[3, 4]], 0, 0, 0 },
        { new Flatten(), [[1, 4, 4, 3]], 0, 0, 0 },
        { new Reshape([48]), [[1, 4, 4, 3]], 0, 0, 0 },
        { new Dropout(0.5f), [[1, 4, 4, 3]], 0, 0, 0 },
        { new MatMul(), [[2, 3, 4], [4, 5]], 2 * 3 * 4 * 5, 0, (24 + 20 + 30) * 4 },
        { new MatMul(), [[4], [4]], 4, 0, (4 + 4 + 1) * 4 },
        { new LayerNormalization(), [[2, 10], [10], [10]], 0, 160, (20 + 10 + 10 + 20 + 2 + 2) * 4 },
        { new InstanceNormalization(), [[2, 5, 3], [3], [3]], 0, 240, (30 + 3 + 3 + 30) * 4 },
        { new LocalResponseNormalization(5), [[2, 10]], 0, 180, 160 },
        { new Reduction(ReductionFunction.Mean, [1]), [[2, 10]], 0, 20, (20 + 2) * 4 },
        { new Reduction(ReductionFunction.LogSumExp, [1]), [[2, 10]], 0, 80, (20 + 2) * 4 },
        { new ArgExtremum(ExtremumFunction.Maximum), [[2, 10]], 0, 20, (20 * 4) + (2 * 8) },
        { new TopK(3), [[2, 10]], 0, 20, (20 * 4) + (6 * 4) + (6 * 8) },
        { new QuantizeLinear(ElementType.Int8), [[2, 10], [1]], 0, 60, (20 * 4) + 4 + 20 },
        { new ZeroPadding(1), [[1, 2, 2, 3]], 0, 0, (12 + 48) * 4 },
        { new Rescaling(2), [[1, 10]], 0, 20, 80 },
    };

    [Theory]
    [MemberData(nameof(Costs))]
    public void Counts_its_work(Operator @operator, Shape[] inputs, long macs, long elementOperations, long bytes)
    {
        OperatorCall call = Call(@operator, inputs);
        OperatorCost cost = @operator.Cost(call, @operator.InferOutputs(call));
        Assert.Equal(macs, cost.MultiplyAccumulates);
        Assert.Equal(elementOperations, cost.ElementOperations);
        Assert.Equal(bytes, cost.BytesRead + cost.BytesWritten);
    }

    [Fact]
    public void Costs_keep_the_batch_open()
    {
        var dense = new Dense(5);
        OperatorCall call = Call(dense, [Matrix, [10, 5], [5]]);
        Assert.Equal(Batch * 50, dense.Cost(call, dense.InferOutputs(call)).MultiplyAccumulates);
    }

    [Theory]
    [InlineData(1, 3, 6, ConvolutionKind.Standard)]
    [InlineData(1, 1, 6, ConvolutionKind.Pointwise)]
    [InlineData(6, 3, 6, ConvolutionKind.Depthwise)]
    [InlineData(3, 3, 6, ConvolutionKind.Grouped)]
    public void Tells_kinds_of_convolution_apart(int groups, int kernel, int channels, ConvolutionKind expected) =>
        Assert.Equal(expected, new Convolution(6, kernel) { Groups = groups }.KindFor(channels));

    private static OperatorCall Call(Operator @operator, Shape[] inputs) =>
        new("node", @operator, [.. inputs.Select(shape => new TensorSpec(shape))]);
}
