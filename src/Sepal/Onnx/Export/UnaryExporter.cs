using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes functions of one number; those that opset 17 has no operator for, as the operators they are made of.</summary>
internal static class UnaryExporter
{
    public static void Export(ExportContext context, Node node)
    {
        string data = context.Name(node.Inputs[0]);
        switch (((Unary)node.Operator).Function)
        {
            case UnaryFunction.Relu:
                context.Add(node, "Relu", [data]);
                break;
            case UnaryFunction.Relu6:
                context.Add(node, "Clip", [data, context.Scalar(0), context.Scalar(6)]);
                break;
            case UnaryFunction.Sigmoid:
                context.Add(node, "Sigmoid", [data]);
                break;
            case UnaryFunction.HardSigmoid:
                context.Add(node, "HardSigmoid", [data], OnnxAttributes.Float("alpha", 1f / 6), OnnxAttributes.Float("beta", 0.5f));
                break;
            case UnaryFunction.HardSwish:
                context.Add(node, "HardSwish", [data]);
                break;
            case UnaryFunction.Swish:
                context.Add(node, "Mul", [data, context.AddPart(node, "sigmoid", "Sigmoid", [data])]);
                break;
            case UnaryFunction.Tanh:
                context.Add(node, "Tanh", [data]);
                break;
            case UnaryFunction.Gelu:
                ExportGelu(context, node, data);
                break;
            case var other:
                throw new OnnxException($"Node '{node.Name}': {other} has no ONNX form yet.");
        }
    }

    /// <summary><c>x·(1 + erf(x/√2))·½</c>, in the order in which other engines recognise it.</summary>
    private static void ExportGelu(ExportContext context, Node node, string data)
    {
        string scaled = context.AddPart(node, "scaled", "Div", [data, context.Scalar(MathF.Sqrt(2))]);
        string erf = context.AddPart(node, "erf", "Erf", [scaled]);
        string shifted = context.AddPart(node, "shifted", "Add", [erf, context.Scalar(1)]);
        string product = context.AddPart(node, "product", "Mul", [data, shifted]);
        context.Add(node, "Mul", [product, context.Scalar(0.5f)]);
    }
}
