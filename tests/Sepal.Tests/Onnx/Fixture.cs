namespace Sepal.Tests.Onnx;

/// <summary>The models that PyTorch's exporter wrote, beside the tests' program.</summary>
internal static class Fixture
{
    /// <summary>The names, without the extension.</summary>
    public static string[] Names { get; } =
        ["mobilenet_v1_025_96", "mobilenet_v2_035_96", "mobilenet_v3_small_050_96", "shufflenet_v2_050_96"];

    /// <summary>The path of a model.</summary>
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Onnx", "Fixtures", $"{name}.onnx");

    /// <summary>The bytes of a model.</summary>
    public static byte[] Bytes(string name) => File.ReadAllBytes(Path(name));
}
