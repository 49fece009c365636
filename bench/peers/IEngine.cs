namespace Sepal.Peers;

/// <summary>A model loaded for one size of input, its input and output in fixed memory, so that a run copies nothing.</summary>
internal interface IEngine : IDisposable
{
    /// <summary>The input's elements; they stay until they are written again.</summary>
    Span<float> Input { get; }

    /// <summary>The first output's elements after a run.</summary>
    ReadOnlySpan<float> Output { get; }

    void Run();
}

/// <summary>Both engines, and how they are made.</summary>
internal static class Engines
{
    public const string Sepal = "sepal";
    public const string OnnxRuntime = "onnx-runtime";

    public static IEngine Create(string engine, string path, ReadOnlySpan<long> shape, int threads) => engine == Sepal
        ? SepalEngine.Open(path, shape, threads)
        : OnnxRuntimeEngine.Open(path, shape, threads);

    /// <summary>Writes numbers as of a normalised image.</summary>
    public static void Fill(IEngine engine)
    {
        var random = new Random(1);
        foreach (ref float number in engine.Input)
        {
            number = (random.NextSingle() * 4) - 2;
        }
    }
}
