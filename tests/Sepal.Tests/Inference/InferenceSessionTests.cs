using System.Numerics.Tensors;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Layers;
using Xunit;

namespace Sepal.Tests.Inference;

public sealed class InferenceSessionTests : IDisposable
{
    private readonly Sequential _model = SessionModels.Classifier();
    private readonly InferenceSession _session;

    public InferenceSessionTests()
    {
        _session = new InferenceSession(_model);
    }

    public void Dispose()
    {
        _session.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void Says_what_it_takes_and_gives()
    {
        Assert.Equal(["input Float32 (batch, 9, 9, 3)"], _session.Inputs.Select(input => input.ToString()));
        Assert.Equal(["dense/softmax Float32 (batch, 5)"], _session.Outputs.Select(output => output.ToString()));
    }

    [Fact]
    public void Gives_what_the_model_predicts()
    {
        Tensor<float> images = SessionModels.Images(3);

        Tensor<float> output = _session.Run(images);

        Assert.Equal([3, 5], output.Lengths.ToArray());
        Assert.Equal(SessionModels.Numbers(_model.Predict(images)), SessionModels.Numbers(output));
    }

    [Fact]
    public void An_image_gives_the_same_bits_alone_and_in_a_batch()
    {
        TensorData batch = TensorData.Of(SessionModels.Images(7));
        float[] together = _session.Run(Named("input", batch))["dense/softmax"].Elements<float>().ToArray();

        int size = batch.Bytes.Length / 7;
        for (int image = 0; image < 7; image++)
        {
            var alone = new TensorData([1, 9, 9, 3], ElementType.Float32, batch.Bytes.Slice(image * size, size));
            Assert.Equal(
                together.AsSpan(5 * image, 5).ToArray(), _session.Run(Named("input", alone))["dense/softmax"].Elements<float>().ToArray());
        }
    }

    [Fact]
    public void Follows_the_models_parameters()
    {
        Tensor<float> images = SessionModels.Images(1);
        float[] before = SessionModels.Numbers(_session.Run(images));

        _model.Initialize(4);

        float[] after = SessionModels.Numbers(_session.Run(images));
        Assert.NotEqual(before, after);
        Assert.Equal(SessionModels.Numbers(_model.Predict(images)), after);
    }

    [Fact]
    public void Every_inner_value_can_be_asked_for()
    {
        TensorData images = TensorData.Of(SessionModels.Images(2));
        string[] names = [.. _model.Graph.Nodes.SelectMany(node => node.Outputs).Select(value => value.Name), "input"];

        IReadOnlyDictionary<string, TensorData> values = _session.Run(Named("input", images), names);

        Assert.Equal(names, values.Keys);
        Assert.Equal(images.Bytes.ToArray(), values["input"].Bytes.ToArray());
        Assert.All(_model.Graph.Nodes, node =>
        {
            Tensor<float> expected = _model.Activation(node.Name, SessionModels.Images(2));

            // What is asked for decides what is fused, and with it the last bits.
            Comparer.AssertClose(
                [.. SessionModels.Numbers(expected).Select(number => (double)number)],
                values[node.Output.Name].Elements<float>(),
                terms: 100,
                [.. expected.Lengths.ToArray().Select(length => (int)length)],
                node.Name);
            Assert.Equal(expected.Lengths.ToArray(), values[node.Output.Name].ToTensor<float>().Lengths.ToArray());
        });
    }

    [Fact]
    public void Parameters_can_be_asked_for()
    {
        Parameter kernel = _model.Graph.Parameters[0];

        TensorData value = _session.Run(Named("input", TensorData.Of(SessionModels.Images(1))), [kernel.Name])[kernel.Name];

        Assert.Equal(kernel.Shape, value.Shape);
        Assert.Equal(_model.GetParameter(kernel).ToArray(), value.Elements<float>().ToArray());
    }

    [Fact]
    public void Several_inputs_go_in_by_name_and_share_their_open_dimensions()
    {
        using var session = new InferenceSession(SessionModels.TwoInputs());

        IReadOnlyDictionary<string, TensorData> outputs = session.Run(new Dictionary<string, TensorData>
        {
            ["second"] = TensorData.Of<float>([2, 3], ElementType.Float32, [1, 2, 3, 4, 5, 6]),
            ["first"] = TensorData.Of<float>([2, 4], ElementType.Float32, [1, 2, 3, 4, 5, 6, 7, 8]),
        });

        Assert.Equal([2, 4, 6, 8, 10, 12, 14, 16], outputs["doubled"].Elements<float>().ToArray());
        Assert.Equal([1, 4, 9, 16, 25, 36], outputs["squared"].Elements<float>().ToArray());
        Assert.Equal([2, 3], outputs["squared"].Shape);
    }

    [Fact]
    public void Plans_are_kept_within_bounds()
    {
        using var session = new InferenceSession(_model, new SessionOptions { CachedPlans = 2 });
        using InferenceRequest held = session.CreateRequest(new Dictionary<string, long> { ["batch"] = 6 });
        float[] expected = SessionModels.Numbers(_model.Predict(SessionModels.Images(6)));

        for (int batch = 1; batch <= 5; batch++)
        {
            session.Run(SessionModels.Images(batch));
            Assert.InRange(session.Plans.Count, 1, 2);
        }

        // Its plan is the one that was not used for longest, and was still not dropped.
        SessionModels.Images(6).FlattenTo(held.Input<float>("input"));
        held.Run();
        Assert.Equal(expected, held.Output<float>("dense/softmax").ToArray());
    }

    [Fact]
    public void Cancellation_ends_a_run_and_the_session_goes_on()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => _session.Run(SessionModels.Images(1), cancelled.Token));

        Assert.Equal(5, _session.Run(SessionModels.Images(1)).FlattenedLength);
    }

    [Fact]
    public void A_session_ends_once_its_requests_have()
    {
        var session = new InferenceSession(SessionModels.TwoInputs());
        InferenceRequest request = session.CreateRequest(new Dictionary<string, long> { ["width"] = 1 });
        session.Dispose();

        Assert.Throws<ObjectDisposedException>(() => session.Run(SessionModels.Images(1)));
        Assert.Throws<ObjectDisposedException>(() => session.CreateRequest());
        request.Input<float>("second")[0] = 3;
        request.Run();
        Assert.Equal(9, request.Output<float>("squared")[0]);

        request.Dispose();
        request.Dispose();
        Assert.Equal(0, session.Plans.Count);
        Assert.Throws<ObjectDisposedException>(() => request.Run());
        Assert.Throws<ObjectDisposedException>(() => request.Input<float>("second")[0]);
    }

    [Fact]
    public void A_model_that_was_disposed_of_does_not_run()
    {
        Sequential model = SessionModels.Classifier();
        using var session = new InferenceSession(model);
        session.Run(SessionModels.Images(1));
        model.Dispose();

        Assert.Throws<ObjectDisposedException>(() => session.Run(SessionModels.Images(1)));
    }

    private static Dictionary<string, TensorData> Named(string name, TensorData tensor) => new() { [name] = tensor };
}
