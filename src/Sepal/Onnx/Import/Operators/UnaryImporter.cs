using System.Diagnostics;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Functions of one number: any layout will do.</summary>
internal static class UnaryImporter
{
    public static void Import(NodeImport node)
    {
        TensorLayout layout = node.NativeLayout(0);
        node.Output(0, node.Add(Operator(node.OperatorType, node.Attributes), [node.In(layout, 0)]), layout);
    }

    private static Unary Operator(string operatorType, NodeAttributes attributes) => operatorType switch
    {
        "Abs" => new Unary(UnaryFunction.Abs),
        "Ceil" => new Unary(UnaryFunction.Ceiling),
        "Elu" => new Unary(UnaryFunction.Elu) { Alpha = attributes.Float("alpha", 1) },
        "Erf" => new Unary(UnaryFunction.Erf),
        "Exp" => new Unary(UnaryFunction.Exp),
        "Floor" => new Unary(UnaryFunction.Floor),
        "Gelu" => new Unary(attributes.Text("approximate", "none") == "tanh" ? UnaryFunction.TanhGelu : UnaryFunction.Gelu),
        "HardSigmoid" => new Unary(UnaryFunction.HardSigmoid)
        {
            Alpha = attributes.Float("alpha", 0.2f),
            Beta = attributes.Float("beta", 0.5f),
        },
        "HardSwish" => new Unary(UnaryFunction.HardSwish),
        "LeakyRelu" => new Unary(UnaryFunction.LeakyRelu) { Alpha = attributes.Float("alpha", 0.01f) },
        "Log" => new Unary(UnaryFunction.Log),
        "Mish" => new Unary(UnaryFunction.Mish),
        "Neg" => new Unary(UnaryFunction.Negate),
        "Not" => new Unary(UnaryFunction.Not),
        "Reciprocal" => new Unary(UnaryFunction.Reciprocal),
        "Relu" => new Unary(UnaryFunction.Relu),
        "Round" => new Unary(UnaryFunction.Round),
        "Selu" => new Unary(UnaryFunction.Selu)
        {
            Alpha = attributes.Float("alpha", 1.67326319f),
            Gamma = attributes.Float("gamma", 1.05070102f),
        },
        "Sigmoid" => new Unary(UnaryFunction.Sigmoid),
        "Sign" => new Unary(UnaryFunction.Sign),
        "Softplus" => new Unary(UnaryFunction.Softplus),
        "Sqrt" => new Unary(UnaryFunction.Sqrt),
        "Tanh" => new Unary(UnaryFunction.Tanh),
        _ => throw new UnreachableException($"The operator {operatorType} is not a function of one number."),
    };
}
