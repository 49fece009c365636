using System.Numerics.Tensors;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Layers;
using Xunit;

namespace Sepal.Tests.Inference;

/// <summary>What a caller does wrong is said with what was received, what was expected and the fix.</summary>
public sealed class SessionErrorTests : IDisposable
{
    private readonly Sequential _model = SessionModels.Classifier();
    private readonly InferenceSession _session;
    private readonly InferenceSession _two = new(SessionModels.TwoInputs());
    private bool _isSessionGone;

    public SessionErrorTests()
    {
        _session = new InferenceSession(_model);
    }

    /// <summary>Whatever was refused, the sessions go on.</summary>
    public void Dispose()
    {
        if (!_isSessionGone)
        {
            Assert.Equal(SessionModels.Numbers(_model.Predict(SessionModels.Images(2))), SessionModels.Numbers(_session.Run(SessionModels.Images(2))));
        }

        Assert.Equal(2, _two.Run(Named(("first", Floats(2, 4)), ("second", Floats(2, 3)))).Count);
        _two.Dispose();
        _session.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void A_wrong_shape() => Assert.Equal(
        "The input 'input' has the shape (batch, 9, 9, 3), but a tensor of the shape (1, 3, 9, 9) was given. "
        + "Give it this shape, with numbers of at least 1 for the open dimensions.",
        Refuses(() => _session.Run(Tensor.CreateFromShape<float>([1, 3, 9, 9]))));

    [Theory]
    [InlineData(1, 9, 9, 4)]
    [InlineData(1, 9, 8, 3)]
    [InlineData(1, 81, 3)]
    [InlineData(1, 9, 9, 3, 1)]
    public void Other_channels_sizes_and_ranks(params int[] shape)
    {
        string message = Refuses(() => _session.Run(Tensor.CreateFromShape<float>([.. shape.Select(extent => (nint)extent)])));

        Assert.StartsWith(
            $"The input 'input' has the shape (batch, 9, 9, 3), but a tensor of the shape ({string.Join(", ", shape)}) was given. ",
            message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_that_was_disposed_of()
    {
        _isSessionGone = true;
        _session.Dispose();
        _session.Dispose();

        Assert.Contains(nameof(InferenceSession), Assert.Throws<ObjectDisposedException>(() => _session.Run(SessionModels.Images(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => _session.Run(Named(("input", Floats(1, 9, 9, 3)))));
        Assert.Throws<ObjectDisposedException>(() => _session.CreateRequest());
    }

    [Fact]
    public void A_missing_batch_dimension() => Assert.Contains(
        "a tensor of the shape (9, 9, 3) was given. One example needs a batch dimension of 1 in front.",
        Refuses(() => _session.Run(Tensor.CreateFromShape<float>([9, 9, 3]))),
        StringComparison.Ordinal);

    [Fact]
    public void An_empty_batch() => Assert.Contains(
        "a tensor of the shape (0, 9, 9, 3) was given.",
        Refuses(() => _session.Run(Named(("input", new TensorData([0, 9, 9, 3], ElementType.Float32, default))))),
        StringComparison.Ordinal);

    [Fact]
    public void A_wrong_type() => Assert.Equal(
        "The input 'first' is of the type Float32, but a tensor of the type Int64 was given. Convert it first.",
        Refuses(() => _two.Run(Named(("first", TensorData.OfInt64(1, 2)), ("second", Floats(1, 1))))));

    [Fact]
    public void A_missing_input() => Assert.Equal(
        "The input 'second' Float32 (batch, width) was not given. Give all inputs: first Float32 (batch, 4), second Float32 (batch, width).",
        Refuses(() => _two.Run(Named(("first", Floats(1, 4))))));

    [Fact]
    public void An_unknown_input() => Assert.Equal(
        "The model has no input 'x'. Its inputs: first Float32 (batch, 4), second Float32 (batch, width).",
        Refuses(() => _two.Run(Named(("first", Floats(1, 4)), ("second", Floats(1, 4)), ("x", Floats(1, 4))))));

    [Fact]
    public void One_tensor_for_two_inputs() => Assert.StartsWith(
        "The model has 2 inputs, but one tensor was given. Give all by name: first Float32 (batch, 4)",
        Refuses(() => _two.Run(Tensor.CreateFromShape<float>([1, 4]))),
        StringComparison.Ordinal);

    [Fact]
    public void Inputs_that_disagree() => Assert.Equal(
        "The dimension 'batch' is 1 in the input 'first' (1, 4), but 2 in the input 'second' (2, 3). Give inputs that agree.",
        Refuses(() => _two.Run(Named(("first", Floats(1, 4)), ("second", Floats(2, 3))))));

    [Fact]
    public void An_unknown_output() => Assert.StartsWith(
        "The model has no value 'nothing'. Its outputs: 'doubled', 'squared'.",
        Refuses(() => _two.Run(Named(("first", Floats(1, 4)), ("second", Floats(1, 3))), ["nothing"])),
        StringComparison.Ordinal);

    [Fact]
    public void No_output() => Assert.StartsWith(
        "No output was asked for.",
        Refuses(() => _two.Run(Named(("first", Floats(1, 4)), ("second", Floats(1, 3))), [])),
        StringComparison.Ordinal);

    [Fact]
    public void A_request_without_a_size() => Assert.Equal(
        "The input 'second' has the shape (batch, width), but its dimension 'width' was given no value. Give it one when you create the request.",
        Refuses(() => _two.CreateRequest()));

    [Theory]
    [InlineData("height", 3)]
    [InlineData("width", 0)]
    public void A_request_with_a_wrong_size(string dimension, long value) => Assert.Equal(
        $"The dimension '{dimension}' was given the value {value}. Expected at least 1 for one of the open dimensions of the inputs: 'batch', 'width'.",
        Refuses(() => _two.CreateRequest(new Dictionary<string, long> { [dimension] = value })));

    [Fact]
    public void A_wrong_name_or_type_in_a_request()
    {
        using InferenceRequest request = _session.CreateRequest();

        Assert.Equal("The request has no input 'image'. Its inputs: 'input'.", Refuses(() => request.Input<float>("image")[0]));
        Assert.Equal("The request has no output 'y'. Its outputs: 'dense/softmax'.", Refuses(() => request.Output<float>("y")[0]));
        Assert.Equal(
            "The input 'input' is of the type Float32, which the .NET type Int64 does not hold.", Refuses(() => request.Input<long>("input")[0]));
    }

    [Fact]
    public void Memory_beyond_the_limit_is_refused_before_it_is_allocated()
    {
        using var session = new InferenceSession(_model, new SessionOptions { MemoryLimit = 100_000 });
        session.Run(SessionModels.Images(1));
        var dimensions = new Dictionary<string, long> { ["batch"] = 1_000_000 };
        long before = Environment.WorkingSet;

        string message = Refuses(() => session.CreateRequest(dimensions));

        Assert.Matches("^A run would take [0-9,]+ bytes of memory, more than the session's limit of 100,000. Use a smaller batch", message);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 200_000_000);
        Assert.Equal(1, session.Plans.Count);
    }

    [Fact]
    public void Sizes_beyond_all_bounds_are_refused()
    {
        Assert.Contains(
            "more than 2 GiB. Use a smaller batch",
            Refuses(() => _session.CreateRequest(new Dictionary<string, long> { ["batch"] = 1L << 40 })),
            StringComparison.Ordinal);
        Assert.Contains(
            "64 bits",
            Refuses(() => _session.CreateRequest(new Dictionary<string, long> { ["batch"] = long.MaxValue / 8 })),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range()
    {
        Assert.Equal(
            "The session option Threads is 0. Give at least 1.",
            Refuses(() => new InferenceSession(_model, new SessionOptions { Threads = 0 })));
        Assert.Equal(
            "The session option CachedPlans is -1. Give at least 1.",
            Refuses(() => new InferenceSession(SessionModels.TwoInputs(), new SessionOptions { CachedPlans = -1 })));
    }

    private static TensorData Floats(params ReadOnlySpan<long> extents)
    {
        long count = 1;
        var dimensions = new Dimension[extents.Length];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            dimensions[axis] = extents[axis];
            count *= extents[axis];
        }

        return new TensorData(new Shape(dimensions), ElementType.Float32, new byte[count * sizeof(float)]);
    }

    private static Dictionary<string, TensorData> Named(params ReadOnlySpan<(string Name, TensorData Tensor)> tensors)
    {
        var named = new Dictionary<string, TensorData>();
        foreach ((string name, TensorData tensor) in tensors)
        {
            named.Add(name, tensor);
        }

        return named;
    }

    private static string Refuses(Func<object> action) => Assert.ThrowsAny<SepalException>(action).Message;
}
