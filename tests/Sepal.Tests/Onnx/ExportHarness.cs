using System.Collections.Immutable;
using Google.Protobuf;
using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Onnx.Export;
using Sepal.Onnx.Protocol;
using Sepal.Tests.Operators;
using Xunit;

namespace Sepal.Tests.Onnx;

/// <summary>Exports graphs, runs them in ONNX Runtime and in Sepal, and compares.</summary>
internal static class ExportHarness
{
    /// <summary>Exports a model to memory.</summary>
    public static ModelProto Export(Model model, OnnxExportOptions? options = null) =>
        OnnxExporter.Export(model, options ?? new OnnxExportOptions());

    /// <summary>Fails unless ONNX Runtime gives what Sepal gives: max|a − b| ≤ tolerance·max|b| for each output.</summary>
    /// <param name="model">The model; its inputs are filled with random numbers.</param>
    /// <param name="batch">Images.</param>
    /// <param name="what">What is compared, for the message.</param>
    /// <param name="options">How to export.</param>
    /// <param name="tolerance">The share of the largest number that may differ.</param>
    /// <param name="seed">For the inputs.</param>
    /// <param name="least">What the largest number is taken for where it is smaller: differences of numbers near one may be all there is.</param>
    /// <returns>The exported file.</returns>
    public static ModelProto AssertAgrees(
        Model model, int batch, string what, OnnxExportOptions? options = null, double tolerance = 1e-4, int seed = 1, double least = 0)
    {
        Graph graph = model.Graph;
        ModelProto exported = Export(model, options);
        Dictionary<string, float[]> values = graph.Parameters.ToDictionary(
            parameter => parameter.Name, parameter => model.GetParameter(parameter).ToArray());
        var random = new Random(seed);
        var given = new Dictionary<string, TensorData>();
        foreach (Value input in graph.Inputs)
        {
            int[] shape = Resolve(input.Shape, batch);
            float[] numbers = TestNumbers.Uniform(random, TestNumbers.Length(shape), -2, 2);
            values.Add(input.Name, numbers);
            given.Add(input.Name, ToFile(numbers, shape));
        }

        float[][] expected = GraphHarness.Infer(graph, values, batch, new RunOptions());
        ImmutableDictionary<string, TensorData> outputs;
        try
        {
            outputs = OnnxRuntimeHarness.Run(exported, given);
        }
        catch (Microsoft.ML.OnnxRuntime.OnnxRuntimeException exception)
        {
            Assert.Fail($"{what}: {exception.Message}");
            throw;
        }

        for (int index = 0; index < expected.Length; index++)
        {
            TensorData reference = ToFile(expected[index], Resolve(graph.Outputs[index].Shape, batch));
            AssertNear(reference, outputs[exported.Graph.Output[index].Name], tolerance, $"{what}, output {graph.Outputs[index].Name}", least);
        }

        return exported;
    }

    /// <summary>Fails unless max|a − b| ≤ tolerance·max|b|.</summary>
    public static void AssertNear(TensorData expected, TensorData actual, double tolerance, string what, double least = 0)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        ReadOnlySpan<float> a = actual.Elements<float>();
        ReadOnlySpan<float> b = expected.Elements<float>();
        double largest = least;
        double difference = 0;
        for (int index = 0; index < a.Length; index++)
        {
            largest = Math.Max(largest, Math.Abs((double)b[index]));
            difference = Math.Max(difference, Math.Abs((double)a[index] - b[index]));
        }

        Assert.True(
            double.IsFinite(largest) && difference <= tolerance * largest,
            $"{what} {actual.Shape}: ONNX Runtime differs by {difference}, and the largest number is {largest}.");
    }

    /// <summary>Numbers as the file has them: images with the channels before the rows.</summary>
    public static TensorData ToFile(float[] numbers, int[] shape)
    {
        if (shape is not [var batch, var height, var width, var channels])
        {
            return TensorData.Of<float>([.. shape.Select(length => (Dimension)length)], ElementType.Float32, numbers);
        }

        var planar = new float[numbers.Length];
        int to = 0;
        for (int image = 0; image < batch; image++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                for (int pixel = 0; pixel < height * width; pixel++)
                {
                    planar[to++] = numbers[(((image * height * width) + pixel) * channels) + channel];
                }
            }
        }

        return TensorData.Of<float>([batch, channels, height, width], ElementType.Float32, planar);
    }

    /// <summary>Gives every parameter numbers of its own, also those that start as zeros and ones; variances stay positive.</summary>
    public static void Randomize(Model model, int seed)
    {
        var random = new Random(seed);
        foreach (Parameter parameter in model.Graph.Parameters)
        {
            float bound = parameter.Shape.Rank > 1 ? 1.7f / MathF.Sqrt(parameter.Fans.In) : 0.5f;
            float[] numbers = TestNumbers.Uniform(random, parameter.Length, -bound, bound);
            if (parameter.Name.EndsWith("variance", StringComparison.Ordinal) || parameter.Name.EndsWith("gamma", StringComparison.Ordinal))
            {
                numbers = Array.ConvertAll(numbers, number => 1 + number);
            }

            model.SetParameter(parameter, numbers);
        }
    }

    /// <summary>The file's bytes.</summary>
    public static byte[] Bytes(ModelProto model) => model.ToByteArray();

    public static int[] Resolve(Shape shape, int batch) =>
        [.. shape.Select(dimension => (int)dimension.Evaluate(new Dictionary<string, long> { ["batch"] = batch }))];
}
