
namespace Sepal.Onnx.Import.Operators;

/// <summary>The input under another name: nothing to run.</summary>
internal static class IdentityImporter
{
    public static void Import(NodeImport node) => node.OutputSame(0, 0);
}
