using System.Numerics.Tensors;
using Google.Protobuf;
using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Onnx.Protocol;
using Sepal.Training;
using Sepal.Training.Losses;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Onnx.Import;

/// <summary>Files that say how many examples they take, as PyTorch's exporter writes them unless it is told otherwise.</summary>
public sealed class FixedBatchTests
{
    private const int Size = 6;
    private const int Filters = 4;
    private const int Classes = 3;

    [Theory]
    [InlineData(1, -1)]
    [InlineData(1, Filters * Size * Size)]
    [InlineData(2, -1)]
    public void Becomes_open_where_a_constant_shape_flattens_the_image(int batch, long rest)
    {
        ModelProto file = Network(batch, batch, rest).Output("z").Model;
        using Model open = Import(file);
        Assert.Equal([Dimension.Batch, Size, Size, 2], open.Graph.Inputs[0].Shape);
        Assert.Equal([Dimension.Batch, Classes], open.Graph.Outputs[0].Shape);

        // Several batches of the file's size, each by the graph as it is in the file, against all examples at once.
        using Model asWritten = Import(file, new ImportOptions { OpenBatch = false });
        Assert.Equal([batch, Size, Size, 2], asWritten.Graph.Inputs[0].Shape);
        float[] images = [.. Enumerable.Range(0, 6 * Size * Size * 2).Select(index => MathF.Sin(index * 0.7f))];
        float[] expected =
        [
            .. images.Chunk(batch * Size * Size * 2).SelectMany(chunk => Predict(asWritten, chunk, batch)),
        ];
        Assert.Equal(expected, Predict(open, images, 6), (left, right) => Math.Abs(left - right) < 1e-5);
    }

    [Fact]
    public void Of_a_channel_shuffle_becomes_open()
    {
        ModelProto file = Convolved(1)
            .Initializer("split", TensorData.OfInt64(1, 2, Filters / 2, Size, Size)).Node("Reshape", "c split", "s")
            .Node("Transpose", "s", "t", ("perm", (int[])[0, 2, 1, 3, 4]))
            .Initializer("join", TensorData.OfInt64(1, -1, Size, Size)).Node("Reshape", "t join", "z")
            .Output("z").Model;
        using Model model = Import(file);
        Assert.Equal([Dimension.Batch, Size, Size, Filters], model.Graph.Outputs[0].Shape);
    }

    [Fact]
    public void Trains_on_with_any_batch()
    {
        using Model model = Import(Network(1, 1, -1).Output("z").Model);
        model.Compile(new Sgd(0.01), new SparseCategoricalCrossentropy { FromLogits = true });
        History history = model.Fit(new Examples(7), new FitOptions { Epochs = 5, BatchSize = 3, ShowProgress = false });
        Assert.True(history.Epochs[^1].Loss < history.Epochs[0].Loss, "Training must lower the loss.");
    }

    [Fact]
    public void Stays_where_the_outputs_do_not_follow_it()
    {
        // The mean over all examples.
        ModelProto file = Network(2, 2, -1).Node("ReduceMean", "z", "m", ("axes", (int[])[0]), ("keepdims", 0)).Output("m").Model;
        using Model model = Import(file);
        Assert.Equal([2, Size, Size, 2], model.Graph.Inputs[0].Shape);
    }

    [Fact]
    public void That_stays_is_named_where_another_is_asked_for()
    {
        // The examples of a batch are joined to one, so that none can be told from another.
        ModelProto file = Network(2, 1, 2 * Filters * Size * Size, inputs: 2 * Filters * Size * Size).Output("z").Model;
        using Model model = Import(file);
        Assert.Equal([2, Size, Size, 2], model.Graph.Inputs[0].Shape);
        model.Compile(new Sgd(0.01), new SparseCategoricalCrossentropy { FromLogits = true });

        const string Said = "it takes 2 example(s) at once and no other number";
        var examples = new Examples(7);
        Assert.Contains(Said, Assert.Throws<SepalException>(() => model.Fit(examples, 1)).Message, StringComparison.Ordinal);
        Assert.Contains(Said, Assert.Throws<SepalException>(() => Predict(model, new float[3 * Size * Size * 2], 3)).Message, StringComparison.Ordinal);
    }

    private static OnnxModelBuilder Convolved(int batch) => new OnnxModelBuilder()
        .Input("x", ElementType.Float32, batch, 2, Size, Size)
        .Initializer("w", ImportHarness.Numbers(1, Filters, 2, 3, 3))
        .Node("Conv", "x w", "c", ("pads", (int[])[1, 1, 1, 1]));

    private static OnnxModelBuilder Network(int batch, long first, long rest, int inputs = Filters * Size * Size) => Convolved(batch)
        .Initializer("flat", TensorData.OfInt64(first, rest)).Node("Reshape", "c flat", "f")
        .Initializer("d", ImportHarness.Numbers(2, inputs, Classes)).Node("Gemm", "f d", "z");

    private static Model Import(ModelProto file, ImportOptions? options = null) =>
        OnnxModel.Import(file.ToByteArray(), options);

    private static float[] Predict(Model model, float[] images, int count)
    {
        Tensor<float> output = model.Predict(Tensor.Create(images, [count, Size, Size, 2]), count);
        var flat = new float[(int)output.FlattenedLength];
        output.FlattenTo(flat);
        return flat;
    }

    private sealed class Examples(int count) : Dataset
    {
        public override int Count => count;

        public override Shape InputShape => new(Size, Size, 2);

        public override Shape TargetShape => Shape.Scalar;

        public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
        {
            int length = inputs.Length / indices.Length;
            for (int row = 0; row < indices.Length; row++)
            {
                targets[row] = indices[row] % Classes;
                for (int index = 0; index < length; index++)
                {
                    inputs[(row * length) + index] = MathF.Sin((indices[row] % Classes * 2) + index);
                }
            }
        }
    }
}
