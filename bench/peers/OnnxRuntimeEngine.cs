using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Sepal.Peers;

/// <summary>ONNX Runtime with all its optimisations, its threads' behaviour as it comes; inputs and outputs bound to memory.</summary>
internal sealed class OnnxRuntimeEngine : IEngine
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _input;
    private readonly OrtValue _output;

    private OnnxRuntimeEngine(InferenceSession session, ReadOnlySpan<long> shape)
    {
        _session = session;
        _input = Allocate(shape);
        string input = session.InputNames[0];
        string output = session.OutputNames[0];

        _output = Allocate(OutputShape(session, shape[0]) ?? OutputShape(session.Run(_options, [input], [_input], [output])));
        _binding = session.CreateIoBinding();
        _binding.BindInput(input, _input);
        _binding.BindOutput(output, _output);
    }

    public Span<float> Input => _input.GetTensorMutableDataAsSpan<float>();

    public ReadOnlySpan<float> Output => _output.GetTensorDataAsSpan<float>();

    public static OnnxRuntimeEngine Open(string path, ReadOnlySpan<long> shape, int threads)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        return new OnnxRuntimeEngine(new InferenceSession(path, options), shape);
    }

    public void Run() => _session.RunWithBinding(_options, _binding);

    public void Dispose()
    {
        _binding.Dispose();
        _output.Dispose();
        _input.Dispose();
        _options.Dispose();
        _session.Dispose();
    }

    /// <summary>The first output's shape as the file states it; null where more than the batch is open.</summary>
    private static long[]? OutputShape(InferenceSession session, long batch)
    {
        int[] stated = session.OutputMetadata[session.OutputNames[0]].Dimensions;
        return stated.Length > 0 && stated[1..].All(extent => extent > 0)
            ? [stated[0] > 0 ? stated[0] : batch, .. stated[1..].Select(extent => (long)extent)]
            : null;
    }

    private static long[] OutputShape(IDisposableReadOnlyCollection<OrtValue> run)
    {
        using (run)
        {
            return run[0].GetTensorTypeAndShape().Shape;
        }
    }

    private static OrtValue Allocate(ReadOnlySpan<long> shape) =>
        OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, shape.ToArray());
}
