using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Onnx.Protocol;
using Sepal.Operators;

namespace Sepal.Onnx.Import;

/// <summary>Keeps a node whose operator is unknown, with the shapes that the file states for what it gives.</summary>
internal static class OpaqueImporter
{
    public static void Import(NodeImport node, NodeProto source, StatedShapes shapes)
    {
        ImmutableArray<TensorSpec> outputs = [.. source.Output.Where(name => name.Length > 0).Select(name => shapes.Find(name)
            ?? throw node.Error(
                $"its operator is unknown, and the file does not state the shape of its output '{name}'",
                "Run shape inference on the file first, or export it without this node."))];
        ImmutableArray<Value> inputs = [.. Enumerable.Range(0, node.InputCount).Where(node.HasInput).Select(node.Planar)];
        var opaque = new Opaque(source.OpType, source.Domain.Length > 0 ? source.Domain : "ai.onnx", [.. outputs.Select(Stored)]);
        Node made = node.AddNode(opaque, inputs);
        int next = 0;
        for (int index = 0; index < source.Output.Count; index++)
        {
            if (source.Output[index].Length > 0)
            {
                node.Output(index, made.Outputs[next], TensorLayout.Planar, outputs[next].ElementType);
                next++;
            }
        }
    }

    private static TensorSpec Stored(TensorSpec spec) => spec with { ElementType = StorageTypes.Of(spec.ElementType) };
}
