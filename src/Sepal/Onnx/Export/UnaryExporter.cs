using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes functions of one number; those that opset 17 has no operator for, as the operators they are made of.</summary>
internal static class UnaryExporter
{
    private static readonly Dictionary<UnaryFunction, string> Plain = new()
    {
        [UnaryFunction.Relu] = "Relu",
        [UnaryFunction.Sigmoid] = "Sigmoid",
        [UnaryFunction.HardSwish] = "HardSwish",
        [UnaryFunction.Tanh] = "Tanh",
        [UnaryFunction.Softplus] = "Softplus",
        [UnaryFunction.Erf] = "Erf",
        [UnaryFunction.Exp] = "Exp",
        [UnaryFunction.Log] = "Log",
        [UnaryFunction.Sqrt] = "Sqrt",
        [UnaryFunction.Reciprocal] = "Reciprocal",
        [UnaryFunction.Abs] = "Abs",
        [UnaryFunction.Negate] = "Neg",
        [UnaryFunction.Sign] = "Sign",
        [UnaryFunction.Floor] = "Floor",
        [UnaryFunction.Ceiling] = "Ceil",
        [UnaryFunction.Round] = "Round",
        [UnaryFunction.Not] = "Not",
    };

    public static void Export(ExportContext context, Node node)
    {
        var unary = (Unary)node.Operator;
        string data = context.Name(node.Inputs[0]);
        switch (unary.Function)
        {
            case UnaryFunction.Relu6:
                context.Add(node, "Clip", [data, context.Scalar(0), context.Scalar(6)]);
                break;
            case UnaryFunction.Clip:
                context.Add(node, "Clip", [data, Bound(context, unary.Minimum), Bound(context, unary.Maximum)]);
                break;
            case UnaryFunction.HardSigmoid:
                context.Add(node, "HardSigmoid", [data], OnnxAttributes.Float("alpha", unary.Alpha), OnnxAttributes.Float("beta", unary.Beta));
                break;
            case UnaryFunction.LeakyRelu:
                context.Add(node, "LeakyRelu", [data], OnnxAttributes.Float("alpha", unary.Alpha));
                break;
            case UnaryFunction.Elu:
                context.Add(node, "Elu", [data], OnnxAttributes.Float("alpha", unary.Alpha));
                break;
            case UnaryFunction.Selu:
                context.Add(node, "Selu", [data], OnnxAttributes.Float("alpha", unary.Alpha), OnnxAttributes.Float("gamma", unary.Gamma));
                break;
            case UnaryFunction.Swish:
                context.Add(node, "Mul", [data, context.AddPart(node, "sigmoid", "Sigmoid", [data])]);
                break;
            case UnaryFunction.Mish:
                string softplus = context.AddPart(node, "softplus", "Softplus", [data]);
                context.Add(node, "Mul", [data, context.AddPart(node, "tanh", "Tanh", [softplus])]);
                break;
            case UnaryFunction.Gelu:
                ExportGelu(context, node, data);
                break;
            case UnaryFunction.TanhGelu:
                ExportTanhGelu(context, node, data);
                break;
            case var function when Plain.TryGetValue(function, out string? type):
                context.Add(node, type, [data]);
                break;
            case var other:
                throw new OnnxException($"Node '{node.Name}': {other} has no ONNX form. Replace it.");
        }
    }

    /// <summary>A bound of clipping; ONNX takes no name for no bound.</summary>
    private static string Bound(ExportContext context, float bound) => float.IsInfinity(bound) ? string.Empty : context.Scalar(bound);

    /// <summary><c>x·(1 + erf(x/√2))·½</c>, in the order in which other engines recognise it.</summary>
    private static void ExportGelu(ExportContext context, Node node, string data)
    {
        string scaled = context.AddPart(node, "scaled", "Div", [data, context.Scalar(MathF.Sqrt(2))]);
        string erf = context.AddPart(node, "erf", "Erf", [scaled]);
        string shifted = context.AddPart(node, "shifted", "Add", [erf, context.Scalar(1)]);
        string product = context.AddPart(node, "product", "Mul", [data, shifted]);
        context.Add(node, "Mul", [product, context.Scalar(0.5f)]);
    }

    /// <summary><c>x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))·½</c>.</summary>
    private static void ExportTanhGelu(ExportContext context, Node node, string data)
    {
        string square = context.AddPart(node, "square", "Mul", [data, data]);
        string cube = context.AddPart(node, "cube", "Mul", [square, data]);
        string weighted = context.AddPart(node, "weighted", "Mul", [cube, context.Scalar(0.044715f)]);
        string sum = context.AddPart(node, "sum", "Add", [data, weighted]);
        string scaled = context.AddPart(node, "scaled", "Mul", [sum, context.Scalar(MathF.Sqrt(2 / MathF.PI))]);
        string tanh = context.AddPart(node, "tanh", "Tanh", [scaled]);
        string shifted = context.AddPart(node, "shifted", "Add", [tanh, context.Scalar(1)]);
        string product = context.AddPart(node, "product", "Mul", [data, shifted]);
        context.Add(node, "Mul", [product, context.Scalar(0.5f)]);
    }
}
