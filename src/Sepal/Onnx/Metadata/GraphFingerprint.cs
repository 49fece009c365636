using System.Security.Cryptography;
using Google.Protobuf;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Metadata;

/// <summary>
/// A digest of everything about an ONNX graph but its numbers: nodes, attributes, inputs, outputs, and the initializers' names,
/// types and dimensions. It tells whether metadata still belong to the graph beside them.
/// </summary>
internal static class GraphFingerprint
{
    public static string Of(ModelProto model)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (OperatorSetIdProto opset in model.OpsetImport)
        {
            Append(digest, opset);
        }

        foreach (NodeProto node in model.Graph.Node)
        {
            Append(digest, node);
        }

        foreach (ValueInfoProto value in model.Graph.Input.Concat(model.Graph.Output))
        {
            Append(digest, value);
        }

        foreach (TensorProto tensor in model.Graph.Initializer)
        {
            var header = new TensorProto { Name = tensor.Name, DataType = tensor.DataType };
            header.Dims.AddRange(tensor.Dims);
            Append(digest, header);
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>Each message with its length, so that no two sequences of messages run into the same bytes.</summary>
    private static void Append(IncrementalHash digest, IMessage message)
    {
        byte[] bytes = message.ToByteArray();
        digest.AppendData(BitConverter.GetBytes(bytes.Length));
        digest.AppendData(bytes);
    }
}
