using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Onnx.Files;
using Sepal.Onnx.Import;
using Sepal.Onnx.Protocol;
using Sepal.Tests.Operators;
using Xunit;

namespace Sepal.Tests.Onnx.Import;

/// <summary>Imports a file as a session does, runs it, and compares with ONNX Runtime.</summary>
internal static class ImportHarness
{
    /// <summary>Checks a file's outputs on inputs.</summary>
    /// <param name="model">The file.</param>
    /// <param name="inputs">Inputs by name.</param>
    /// <param name="tolerance">How far a float may be off, times the largest of its output.</param>
    public static void Check(ModelProto model, IReadOnlyDictionary<string, TensorData> inputs, double tolerance = 1e-4)
    {
        IReadOnlyDictionary<string, TensorData> expected = OnnxRuntimeHarness.Run(model, inputs);
        IReadOnlyDictionary<string, TensorData> actual = Run(model, inputs);
        foreach ((string name, TensorData data) in expected)
        {
            AssertClose(data, actual[name], name, tolerance);
        }
    }

    /// <summary>Runs a file in Sepal; if shapes depend on its inputs, with those inputs known.</summary>
    public static IReadOnlyDictionary<string, TensorData> Run(ModelProto model, IReadOnlyDictionary<string, TensorData> inputs)
    {
        ImportedGraph imported;
        try
        {
            imported = Import(model, new ImportRequest { Border = TensorLayout.Planar });
        }
        catch (NeedsValueException)
        {
            imported = Import(model, new ImportRequest
            {
                Border = TensorLayout.Planar,
                InputShapes = inputs.ToDictionary(pair => pair.Key, pair => pair.Value.Shape),
                InputValues = inputs.Where(pair => pair.Value.Length <= 1024 && (pair.Value.ElementType != ElementType.Float32 || pair.Value.Shape.Rank <= 1))
                    .ToDictionary(pair => pair.Key, pair => pair.Value),
            });
        }

        TensorData[] given = [.. imported.Inputs.Select(input => inputs[input.Name])];
        TensorData[] outputs = TypedRun.Of(imported.Graph, Symbols(imported.Graph, given), 1, given);
        return model.Graph.Output.Zip(outputs).ToDictionary(pair => pair.First.Name, pair => pair.Second);
    }

    public static ImportedGraph Import(ModelProto model, ImportRequest request) =>
        GraphImporter.Import(model, NoExternalData.Instance, new ImportOptions(), request);

    private static Dictionary<string, long> Symbols(Graph graph, TensorData[] given)
    {
        var symbols = new Dictionary<string, long>();
        foreach ((Value input, TensorData data) in graph.Inputs.Zip(given))
        {
            foreach ((Dimension declared, Dimension actual) in input.Shape.Zip(data.Shape))
            {
                if (!declared.IsKnown)
                {
                    symbols[declared.ToString()] = actual.Value;
                }
            }
        }

        return symbols;
    }

    private static void AssertClose(TensorData expected, TensorData actual, string name, double tolerance)
    {
        Assert.Equal(expected.ElementType, actual.ElementType);
        Assert.Equal(expected.Shape, actual.Shape);
        if (expected.ElementType != ElementType.Float32)
        {
            Assert.Equal(expected.Bytes.ToArray(), actual.Bytes.ToArray());
            return;
        }

        float[] left = expected.Elements<float>().ToArray();
        float[] right = actual.Elements<float>().ToArray();
        double largest = left.Where(float.IsFinite).Select(number => Math.Abs((double)number)).DefaultIfEmpty(0).Max();
        for (int index = 0; index < left.Length; index++)
        {
            bool same = left[index].Equals(right[index]) || Math.Abs(left[index] - right[index]) <= tolerance * largest;
            Assert.True(same, $"{name}[{index}] is {right[index]}, but ONNX Runtime gives {left[index]} (largest {largest}).");
        }
    }

    /// <summary>A tensor of numbers between −1 and 1 that look random.</summary>
    public static TensorData Numbers(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var numbers = new float[checked((int)shape.Aggregate(1L, (product, next) => product * next))];
        foreach (ref float number in numbers.AsSpan())
        {
            number = (random.NextSingle() * 2) - 1;
        }

        return TensorData.Of<float>([.. shape.Select(Dimension.FromInt64)], ElementType.Float32, numbers);
    }
}
