using Google.Protobuf;
using Sepal.Onnx;
using Sepal.Onnx.Protocol;

namespace Sepal.Tests.Shrinking;

/// <summary>Reads files of Sepal as if another program had written them: without what only Sepal writes.</summary>
internal static class ForeignFile
{
    public static Model Import(byte[] file)
    {
        ModelProto proto = ModelProto.Parser.ParseFrom(file);
        proto.MetadataProps.Clear();
        return OnnxModel.Import(proto.ToByteArray());
    }
}
