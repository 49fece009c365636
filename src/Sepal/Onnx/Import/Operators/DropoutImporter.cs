using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Dropout, which does nothing until the model is trained further. Its mask leaves everything in.</summary>
internal static class DropoutImporter
{
    public static void Import(NodeImport node)
    {
        float rate = node.Attributes.Float("ratio", 0.5f);
        if (node.HasInput(1) && node.Input(1).IsConstant)
        {
            rate = node.Floats(1) is [var given] ? given : throw node.Error("its ratio is no single number", "Give one number.");
        }

        if (node.HasInput(2) && rate != 0 && node.Constant(2).Elements<byte>() is [not 0])
        {
            throw node.Error("it is in training mode", "Export the model in inference mode (PyTorch: model.eval()).");
        }

        // A rate that training would refuse, and numbers that are not trained, are left as they are.
        if (node.Input(0).IsConstant || node.Input(0).StorageType != ElementType.Float32 || rate is not (>= 0 and < 1))
        {
            node.OutputSame(0, 0);
        }
        else
        {
            TensorLayout layout = node.NativeLayout(0);
            node.Output(0, node.Add(new Dropout(rate), [node.In(layout, 0)]), layout);
        }

        if (node.WantsOutput(1))
        {
            OutputMask(node);
        }
    }

    private static void OutputMask(NodeImport node)
    {
        // Before operator set 10 the mask had the type of the data.
        bool isBoolean = node.Opset >= 10 || node.Input(0).StorageType != ElementType.Float32;
        TensorData one = isBoolean
            ? TensorData.Of<byte>(Shape.Scalar, ElementType.Boolean, [1])
            : TensorData.Of<float>(Shape.Scalar, ElementType.Float32, [1]);
        Value mask = node.Add(new Expand(node.Input(0).Shape), [node.Store(one, "one")], "mask");
        node.Output(1, mask, TensorLayout.Planar, isBoolean ? ElementType.Boolean : node.Input(0).DeclaredType);
    }
}
