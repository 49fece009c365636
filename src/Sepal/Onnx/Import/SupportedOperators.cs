using System.Collections.Immutable;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Import;

/// <summary>Finds the nodes that cannot be read, all at once.</summary>
internal static class SupportedOperators
{
    private const int MostListed = 100;

    /// <summary>Refuses a file with unknown operators, unless they are to be kept.</summary>
    /// <exception cref="UnsupportedOperatorException">Lists every such node.</exception>
    public static void Require(ModelProto model, int opset, ImportOptions options)
    {
        NodeProto[] unknown = [.. model.Graph.Node.Where(node => ImporterRegistry.Find(node.Domain, node.OpType) is null)];
        if (unknown.Length == 0 || options.KeepUnknown)
        {
            return;
        }

        var versions = model.OpsetImport.GroupBy(set => set.Domain).ToDictionary(group => group.Key, group => group.First().Version, StringComparer.Ordinal);
        IEnumerable<string> lines = unknown.Take(MostListed).Select(node =>
        {
            string name = node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault() ?? string.Empty;
            string domain = node.Domain.Length > 0 ? node.Domain : "ai.onnx";
            long version = node.Domain is "" or "ai.onnx" ? opset : versions.GetValueOrDefault(node.Domain);
            return $"  '{name}': {node.OpType} of {domain}, operator set {version}";
        });
        string more = unknown.Length > MostListed ? $"\n  and {unknown.Length - MostListed} more" : string.Empty;
        throw new UnsupportedOperatorException(
            $"{unknown.Length} node(s) have operators that Sepal does not know:\n{string.Join('\n', lines)}{more}\n"
            + "Export the model without them, or import it with KeepUnknown to count what is known.");
    }
}
