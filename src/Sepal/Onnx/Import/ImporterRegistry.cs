using System.Collections.Immutable;
using Sepal.Onnx.Import.Operators;

namespace Sepal.Onnx.Import;

/// <summary>Which importer reads which operator of ONNX's own domain. Adding an operator adds one line.</summary>
internal static class ImporterRegistry
{
    private static readonly Dictionary<string, Action<NodeImport>> Importers = new(StringComparer.Ordinal)
    {
        ["Add"] = BinaryImporter.Import,
        ["Constant"] = ConstantImporter.Import,
        ["Conv"] = ConvolutionImporter.Import,
        ["Flatten"] = ReshapeImporter.ImportFlatten,
        ["Identity"] = IdentityImporter.Import,
        ["Mul"] = BinaryImporter.Import,
        ["Relu"] = UnaryImporter.Import,
        ["Reshape"] = ReshapeImporter.Import,
        ["Sigmoid"] = UnaryImporter.Import,
        ["Tanh"] = UnaryImporter.Import,
    };

    /// <summary>The importer of an operator; null where there is none.</summary>
    public static Action<NodeImport>? Find(string domain, string operatorType) =>
        domain is "" or "ai.onnx" ? Importers.GetValueOrDefault(operatorType) : null;
}
