using System.Buffers;
using System.Collections.Immutable;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Sepal.Graphs;
using Sepal.Onnx.Protocol;

namespace Sepal.Tests.Onnx;

/// <summary>Runs a model in ONNX Runtime, the reference for everything about ONNX.</summary>
internal static class OnnxRuntimeHarness
{
    /// <summary>Runs a model once.</summary>
    /// <param name="model">The file's bytes.</param>
    /// <param name="inputs">Tensors of any type by input name.</param>
    /// <param name="outputs">Which outputs; all where not given.</param>
    /// <param name="optimize">Whether ONNX Runtime may rewrite the graph, as it does for its users.</param>
    /// <returns>The outputs by name.</returns>
    public static ImmutableDictionary<string, TensorData> Run(
        byte[] model, IReadOnlyDictionary<string, TensorData> inputs, IReadOnlyCollection<string>? outputs = null, bool optimize = true)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            GraphOptimizationLevel = optimize ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
        };
        using var session = new InferenceSession(model, options);
        return Run(session, inputs, outputs);
    }

    /// <summary>Runs a model once.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">Tensors of any type by input name.</param>
    /// <returns>The outputs by name.</returns>
    public static ImmutableDictionary<string, TensorData> Run(ModelProto model, IReadOnlyDictionary<string, TensorData> inputs) =>
        Run(model.ToByteArray(), inputs);

    /// <summary>Runs a session once.</summary>
    public static unsafe ImmutableDictionary<string, TensorData> Run(
        InferenceSession session, IReadOnlyDictionary<string, TensorData> inputs, IReadOnlyCollection<string>? outputs = null)
    {
        string[] names = [.. inputs.Keys];
        string[] wanted = [.. outputs ?? session.OutputNames];
        MemoryHandle[] pins = Array.ConvertAll(names, name => inputs[name].Bytes.Pin());
        OrtValue[] values = [.. names.Select((name, index) => OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance,
            ToRuntime(inputs[name].ElementType),
            [.. inputs[name].Shape.Select(dimension => dimension.Value)],
            (nint)pins[index].Pointer,
            inputs[name].Bytes.Length))];
        try
        {
            using var run = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, names, values, wanted);
            return wanted.Zip(results, (name, result) => KeyValuePair.Create(name, Copy(result))).ToImmutableDictionary(StringComparer.Ordinal);
        }
        finally
        {
            Array.ForEach(values, value => value.Dispose());
            Array.ForEach(pins, pin => pin.Dispose());
        }
    }

    private static TensorData Copy(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        return new TensorData(
            [.. info.Shape.Select(Dimension.FromInt64)], FromRuntime(info.ElementDataType), value.GetTensorMutableRawData().ToArray());
    }

    private static TensorElementType ToRuntime(ElementType type) => type switch
    {
        ElementType.Float32 => TensorElementType.Float,
        ElementType.Float64 => TensorElementType.Double,
        ElementType.Boolean => TensorElementType.Bool,
        _ => Enum.Parse<TensorElementType>(type.ToString()),
    };

    private static ElementType FromRuntime(TensorElementType type) => type switch
    {
        TensorElementType.Float => ElementType.Float32,
        TensorElementType.Double => ElementType.Float64,
        TensorElementType.Bool => ElementType.Boolean,
        _ => Enum.Parse<ElementType>(type.ToString()),
    };
}
