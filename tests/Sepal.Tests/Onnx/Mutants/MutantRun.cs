using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Onnx;
using Sepal.Onnx.Files;
using Sepal.Onnx.Import;
using Sepal.Onnx.Protocol;
using Xunit;

namespace Sepal.Tests.Onnx.Mutants;

/// <summary>
/// Does with a file that is not to be trusted what a user would: imports it as a model, opens a session, and, where counting says
/// that it is little work, runs it.
/// </summary>
internal static class MutantRun
{
    // What a caller who does not trust the file would allow. Beyond, running would measure the machine, not the code.
    private const long MostMacs = 5_000_000_000;
    private const long MostBytes = 256L << 20;

    private static readonly ImportOptions Options = new() { MemoryLimit = MostBytes };
    private static readonly SessionOptions SessionOptions = new() { MemoryLimit = MostBytes, Threads = 1, MaximumConcurrentRuns = 1 };

    /// <summary>Reads and runs a file in memory.</summary>
    /// <returns>Null if the session gave a result; otherwise why it did not: a clear error, or too much work.</returns>
    public static string? Try(byte[] bytes) => Try(
        () => OnnxFile.Read(bytes), NoExternalData.Instance, () => OnnxModel.Import(bytes, Options), () => new InferenceSession(bytes, SessionOptions));

    /// <summary>Reads and runs a file that may have others beside it.</summary>
    /// <returns>Null if the session gave a result; otherwise why it did not: a clear error, or too much work.</returns>
    public static string? Try(string path) => Try(
        () => OnnxFile.Read(path),
        new DirectoryExternalData(Path.GetDirectoryName(path)!),
        () => OnnxModel.Import(path, Options),
        () => new InferenceSession(path, SessionOptions));

    private static string? Try(Func<ModelProto> read, IExternalData external, Func<Model> import, Func<InferenceSession> open)
    {
        // A file that is no model may still be a session's, and the other way round: each must bear it.
        _ = Attempt(() => import().Dispose());
        return Attempt(() =>
        {
            using InferenceSession session = open();
            Dictionary<string, TensorData> inputs = session.Inputs.ToDictionary(input => input.Name, Ones, StringComparer.Ordinal);
            RequireLittle(read(), external, inputs);
            _ = session.Metadata;
            session.Run(inputs, TestContext.Current.CancellationToken);
        });
    }

    private static string? Attempt(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (SepalException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>An input of the stated shape, open dimensions one, elements tiny floats or the integer 1.</summary>
    private static TensorData Ones(TensorInfo input)
    {
        Shape shape = new([.. input.Shape.Select(dimension => dimension.IsKnown ? dimension : 1)]);
        if (shape.ElementCount.Value > MostBytes / 4 / input.ElementType.ByteSize())
        {
            throw new SepalException("The input is larger than this caller gives.");
        }

        var elements = new byte[shape.ElementCount.Value * input.ElementType.ByteSize()];
        for (int index = 0; index < elements.Length; index += input.ElementType.ByteSize())
        {
            elements[index] = 1;
        }

        return new TensorData(shape, input.ElementType, elements);
    }

    /// <summary>Counts the graph that the session will run.</summary>
    private static void RequireLittle(ModelProto model, IExternalData external, Dictionary<string, TensorData> inputs)
    {
        var request = new ImportRequest
        {
            Border = TensorLayout.Planar,
            InputShapes = inputs.ToDictionary(pair => pair.Key, pair => pair.Value.Shape),
            InputValues = inputs.Where(pair => pair.Value.Length <= 1024).ToDictionary(),
        };
        ModelCost cost = ModelCost.Of(GraphImporter.Import(model, external, Options, request).Graph);
        if (cost.MultiplyAccumulates + cost.ElementOperations > MostMacs)
        {
            throw new SepalException("The model is more work than this caller allows.");
        }
    }
}
