using System.Text.Json;
using Sepal.Graphs;
using Sepal.Onnx.Export;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Metadata;

/// <summary>
/// The graph behind a file's ONNX nodes: what ONNX has no place for, and which ONNX nodes make up each node. A reader that finds
/// the fingerprint unchanged can build the very same graph again, so that training goes on bit for bit.
/// </summary>
internal sealed record GraphDescription
{
    /// <summary>Of the ONNX graph that was written; other tools that change it leave another.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The inputs, in order.</summary>
    public required InputDescription[] Inputs { get; init; }

    /// <summary>Names of the outputs, in order.</summary>
    public required string[] Outputs { get; init; }

    /// <summary>The parameters, in graph order.</summary>
    public required ParameterDescription[] Parameters { get; init; }

    /// <summary>The constants, in graph order.</summary>
    public required StoredDescription[] Constants { get; init; }

    /// <summary>The nodes, in graph order.</summary>
    public required NodeDescription[] Nodes { get; init; }

    public static GraphDescription Of(Graph graph, IEnumerable<NodeDescription> nodes, ExportContext context, ModelProto proto) => new()
    {
        Fingerprint = GraphFingerprint.Of(proto),
        Inputs = [.. graph.Inputs.Select(input => new InputDescription
        {
            Name = input.Name,
            Shape = input.Shape,
            ElementType = input.Spec.ElementType,
        })],
        Outputs = [.. graph.Outputs.Select(output => output.Name)],
        Parameters = [.. graph.Parameters.Select(parameter => new ParameterDescription
        {
            Stored = StoredDescription.Of(parameter, context),
            Trainable = parameter.Trainable,
            L2 = parameter.L2,
        })],
        Constants = [.. graph.Constants.Select(constant => StoredDescription.Of(constant, context))],
        Nodes = [.. nodes],
    };
}

/// <summary>An input in Sepal's axis order.</summary>
internal sealed record InputDescription
{
    public required string Name { get; init; }

    public required Shape Shape { get; init; }

    public required ElementType ElementType { get; init; }
}

/// <summary>Where the numbers of a parameter or a constant lie in the file.</summary>
internal sealed record StoredDescription
{
    public required string Name { get; init; }

    /// <summary>In Sepal's axis order.</summary>
    public required Shape Shape { get; init; }

    /// <summary>The initializer's name.</summary>
    public required string Initializer { get; init; }

    /// <summary>
    /// The initializer's axes: its axis i is axis <c>Order[i]</c> of <see cref="Shape"/>, to which dimensions of 1 are added in
    /// front up to the order's length.
    /// </summary>
    public required int[] Order { get; init; }

    public static StoredDescription Of(Value value, ExportContext context)
    {
        (string initializer, int[] order) = context.Stored(value)!.Value;
        return new StoredDescription { Name = value.Name, Shape = value.Shape, Initializer = initializer, Order = order };
    }
}

/// <summary>What training needs to know of a parameter.</summary>
internal sealed record ParameterDescription
{
    public required StoredDescription Stored { get; init; }

    public required bool Trainable { get; init; }

    /// <summary>λ of the penalty λ·Σw².</summary>
    public required float L2 { get; init; }
}

/// <summary>A node and the ONNX nodes that it was written as.</summary>
internal sealed record NodeDescription
{
    public required string Name { get; init; }

    /// <summary>The operator's class name.</summary>
    public required string Operator { get; init; }

    /// <summary>The operator's attributes.</summary>
    public required JsonElement Attributes { get; init; }

    public required string[] Inputs { get; init; }

    public required string[] Outputs { get; init; }

    /// <summary>The class name of the layer behind the node.</summary>
    public string? Layer { get; init; }

    /// <summary>Names of the ONNX nodes, in the file's order; the last makes the outputs.</summary>
    public required string[] OnnxNodes { get; init; }

    public static NodeDescription Of(Node node, IEnumerable<string> onnxNodes) => new()
    {
        Name = node.Name,
        Operator = node.Operator.GetType().Name,
        Attributes = OperatorAttributes.Write(node.Operator),
        Inputs = [.. node.Inputs.Select(input => input.Name)],
        Outputs = [.. node.Outputs.Select(output => output.Name)],
        Layer = node.LayerType,
        OnnxNodes = [.. onnxNodes],
    };
}
