using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Onnx.Protocol;
using Xunit;

namespace Sepal.Tests.Onnx;

public sealed class OnnxRuntimeHarnessTests
{
    public static TheoryData<ElementType> Types => new(Enum.GetValues<ElementType>());

    [Theory]
    [MemberData(nameof(Types))]
    public void ONNX_Runtime_gives_back_what_an_identity_is_given(ElementType type)
    {
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "identity" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.Graph.Input.Add(Info("x", type));
        model.Graph.Output.Add(Info("y", type));
        var node = new NodeProto { OpType = "Identity" };
        node.Input.Add("x");
        node.Output.Add("y");
        model.Graph.Node.Add(node);
        byte[] bytes = [.. Enumerable.Range(0, 3 * type.ByteSize()).Select(index => (byte)(index % 2))];

        TensorData output = OnnxRuntimeHarness.Run(
            model, new Dictionary<string, TensorData> { ["x"] = new([3], type, bytes) })["y"];

        Assert.Equal(type, output.ElementType);
        Assert.Equal(new Shape(3), output.Shape);
        Assert.Equal(bytes, output.Bytes.ToArray());
    }

    private static ValueInfoProto Info(string name, ElementType type)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "n" });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type.ToOnnx(), Shape = shape } },
        };
    }
}
