using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>
/// Softmax and its logarithm: along one axis since operator set 13; before, over all axes from one on together.
/// </summary>
internal static class SoftmaxImporter
{
    public static void Import(NodeImport node)
    {
        bool logarithmic = node.OperatorType == "LogSoftmax";
        Shape shape = node.Input(0).Shape;
        int rank = shape.Rank;
        int axis = node.Axis(node.Attributes.Int("axis", node.Opset < 13 ? 1 : -1), rank);
        bool isOneAxis = node.Opset >= 13 || shape.Skip(axis + 1).All(dimension => dimension == 1);
        if (isOneAxis)
        {
            TensorLayout layout = node.NativeLayout(0);
            var softmax = new Softmax { Axis = layout.AxisOf(axis, rank), Logarithmic = logarithmic };
            node.Output(0, node.Add(softmax, [node.In(layout, 0)]), layout);
            return;
        }

        Dimension before = shape.Take(axis).Aggregate(Dimension.FromInt64(1), (product, next) => product * next);
        Dimension after = shape.Skip(axis).Aggregate(Dimension.FromInt64(1), (product, next) => product * next);
        Value flat = node.Reshaped(node.Planar(0), [before, after], "flatten");
        Value result = node.Add(new Softmax { Logarithmic = logarithmic }, [flat], "softmax");
        node.Output(0, node.Add(new Reshape(shape) { KeepsBatch = false }, [result]), TensorLayout.Planar);
    }
}
