using System.Reflection;
using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Onnx.Metadata;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Export;

/// <summary>Turns a model into an ONNX file's contents.</summary>
internal static class OnnxExporter
{
    private const int OpsetVersion = 17;

    // The IR version that came with the opset.
    private const int IrVersion = 8;

    /// <exception cref="OnnxException">Operators have no ONNX form (all are named), or options make no sense.</exception>
    public static ModelProto Export(Model model, OnnxExportOptions options)
    {
        options.Preprocessing?.Require();
        Model? rewritten = null;
        try
        {
            // Rewrites come first: what the metadata describes is then exactly what the file holds.
            if (options.StripDropout)
            {
                rewritten = new Model(DropoutRemoval.Rewrite(model.Graph, model.Store));
            }

            if (options.FoldBatchNormalization)
            {
                Model source = rewritten ?? model;
                rewritten = new Model(BatchNormalizationFolding.Rewrite(source.Graph, source.Store));
                if (source != model)
                {
                    source.Dispose();
                }
            }

            return Write(rewritten ?? model, options);
        }
        finally
        {
            rewritten?.Dispose();
        }
    }

    private static ModelProto Write(Model model, OnnxExportOptions options)
    {
        Graph graph = model.Graph;
        RequireKnown(graph);
        var context = new ExportContext(graph, model.Store);
        foreach (Value input in graph.Inputs)
        {
            context.Define(input);
            context.Proto.Input.Add(Describe(input.Name, input));
        }

        var nodes = new List<NodeDescription>();
        foreach (Node node in graph.Nodes)
        {
            context.Added.Clear();
            ExporterRegistry.Export(context, node);
            nodes.Add(NodeDescription.Of(node, context.Added));
        }

        WriteOutputs(graph, context);
        context.Proto.Name = options.GraphName;
        var proto = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "Sepal",
            ProducerVersion = typeof(OnnxExporter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? string.Empty,
            Graph = context.Proto,
        };
        proto.OpsetImport.Add(new OperatorSetIdProto { Version = OpsetVersion });
        MetadataEntries.Write(proto, graph, GraphDescription.Of(graph, nodes, context, proto), options);
        return proto;
    }

    private static void RequireKnown(Graph graph)
    {
        string[] unknown = [.. graph.Nodes
            .Where(node => !ExporterRegistry.Knows(node.Operator.GetType()))
            .Select(node => $"'{node.Name}' ({node.Operator.Name})")];
        if (unknown.Length > 0)
        {
            throw new OnnxException(
                $"{(unknown.Length == 1 ? "A node has" : $"{unknown.Length} nodes have")} no ONNX form: {string.Join(", ", unknown)}. "
                + "Replace them, or cut the graph before them.");
        }
    }

    /// <summary>An output of the file must be made by a node, and once: what is not gets an identity.</summary>
    private static void WriteOutputs(Graph graph, ExportContext context)
    {
        var written = new HashSet<Value>();
        foreach (Value output in graph.Outputs)
        {
            string name = context.Name(output);
            if (graph.Producer(output) is null || !written.Add(output))
            {
                name = context.AddPart(output.Name, "output", "Identity", [name]);
            }

            context.Proto.Output.Add(Describe(name, output));
        }
    }

    private static ValueInfoProto Describe(string name, Value value)
    {
        var shape = new TensorShapeProto();
        foreach (int axis in AxisOrder.OfFile(value.Spec.Rank))
        {
            Dimension dimension = value.Shape[axis];
            shape.Dim.Add(dimension.IsKnown
                ? new TensorShapeProto.Types.Dimension { DimValue = dimension.Value }
                : new TensorShapeProto.Types.Dimension { DimParam = dimension.ToString() });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)value.Spec.ElementType.ToOnnx(), Shape = shape },
            },
        };
    }
}
