using Sepal.Inference;

namespace Sepal.Peers;

/// <summary>Sepal, through a request.</summary>
internal sealed class SepalEngine : IEngine
{
    private readonly InferenceSession _session;
    private readonly InferenceRequest _request;
    private readonly string _input;
    private readonly string _output;

    private SepalEngine(InferenceSession session, InferenceRequest request)
    {
        _session = session;
        _request = request;
        _input = request.Inputs[0].Name;
        _output = request.Outputs[0].Name;
    }

    public Span<float> Input => _request.Input<float>(_input);

    public ReadOnlySpan<float> Output => _request.Output<float>(_output);

    public static SepalEngine Open(string path, ReadOnlySpan<long> shape, int threads)
    {
        var session = new InferenceSession(path, new SessionOptions { Threads = threads });
        return new SepalEngine(session, session.CreateRequest(OpenDimensions.Of(session.Inputs[0].Shape, shape)));
    }

    public void Run() => _request.Run();

    public void Dispose()
    {
        _request.Dispose();
        _session.Dispose();
    }
}
