using Google.Protobuf;
using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Onnx.Protocol;
using Xunit;

namespace Sepal.Tests.Onnx.Import;

public sealed class UnknownOperatorTests
{
    [Fact]
    public void All_unknown_operators_are_listed_at_once()
    {
        byte[] file = Model().Model.ToByteArray();

        UnsupportedOperatorException error = Assert.Throws<UnsupportedOperatorException>(() => OnnxModel.Import(file));

        Assert.Equal(
            """
            2 node(s) have operators that Sepal does not know:
              'Einsum_1': Einsum of ai.onnx, operator set 17
              'Attention_2': Attention of com.example, operator set 3
            Export the model without them, or import it with KeepUnknown to count what is known.
            """,
            error.Message);
    }

    [Fact]
    public void Kept_unknown_operators_are_reported_as_not_counted()
    {
        byte[] file = Model(stated: true).Model.ToByteArray();

        using Model model = OnnxModel.Import(file, new ImportOptions { KeepUnknown = true });
        ModelCost cost = ModelCost.Of(model.Graph);

        Assert.Equal(2 * 3 * 5 * 5, cost.MultiplyAccumulates);
        Assert.Equal(["Einsum_1", "Attention_2"], cost.UncountedNodes.Select(node => node.Name));
        Assert.Contains("Not counted: 2 node(s) with unknown operators: Einsum_1 (Einsum), Attention_2 (Attention)", model.Summary(), StringComparison.Ordinal);
        SepalException error = Assert.Throws<SepalException>(() => model.Predict(System.Numerics.Tensors.Tensor.CreateFromShape<float>([1, 5, 5, 2])));
        Assert.Contains("Einsum", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kept_operator_needs_stated_shapes()
    {
        byte[] file = Model().Model.ToByteArray();

        SepalException error = Assert.Throws<SepalException>(() => OnnxModel.Import(file, new ImportOptions { KeepUnknown = true }));

        Assert.StartsWith(
            "Node 'Einsum_1' (Einsum): its operator is unknown, and the file does not state the shape of its output 'e'.", error.Message, StringComparison.Ordinal);
    }

    private static OnnxModelBuilder Model(bool stated = false)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "batch", 2, 5, 5)
            .Initializer("w", ImportHarness.Numbers(1, 3, 2, 1, 1))
            .Node("Conv", "x w", "c")
            .Node("Einsum", "c", "e", ("equation", "nchw->nc"))
            .Node("Attention", "e c", "y")
            .Output("y");
        builder.Model.Graph.Node[2].Domain = "com.example";
        builder.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.example", Version = 3 });
        if (stated)
        {
            builder.Model.Graph.ValueInfo.Add(Stated("e"));
            builder.Model.Graph.Output[0] = Stated("y");
        }

        return builder;
    }

    private static ValueInfoProto Stated(string name)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = 3 });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } },
        };
    }
}
