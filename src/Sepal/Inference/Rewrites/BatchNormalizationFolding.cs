using System.Collections.Immutable;
using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// Folds batch normalisations into the convolution or dense product before them:
/// <c>γ·(x·w + b − mean)/√(variance + ε) + β</c> is <c>x·(w·f) + ((b − mean)·f + β)</c> with <c>f = γ/√(variance + ε)</c>.
/// </summary>
internal static class BatchNormalizationFolding
{
    public static Graph Rewrite(Graph graph, ParameterStore numbers)
    {
        var copy = new GraphCopy(graph, numbers);
        foreach (Node node in graph.Nodes)
        {
            if (Normalization(graph, node) is { } normalization)
            {
                Fold(copy, graph, numbers, node, normalization);
            }
            else if (node.Operator is not BatchNormalization || graph.Producer(node.Inputs[0]) is not { } before || Normalization(graph, before) != node)
            {
                copy.Copy(node);
            }
        }

        return copy.Build();
    }

    /// <summary>The batch normalisation that is all that reads a product of parameters; null where there is none.</summary>
    private static Node? Normalization(Graph graph, Node product)
    {
        bool folds = product.Operator is Convolution or Dense
            && product.Inputs.Skip(1).All(input => input is Parameter)
            && !graph.Outputs.Contains(product.Output)
            && graph.Consumers(product.Output) is [{ Operator: BatchNormalization } reader]
            && reader.Inputs[0] == product.Output
            && reader.Inputs.Skip(1).All(input => input is Parameter);
        return folds ? graph.Consumers(product.Output)[0] : null;
    }

    private static void Fold(GraphCopy copy, Graph graph, ParameterStore numbers, Node product, Node normalization)
    {
        float epsilon = ((BatchNormalization)normalization.Operator).Epsilon;
        float[][] statistics = [.. normalization.Inputs.Skip(1).Select(input => numbers.Read((Parameter)input).ToArray())];
        var kernel = (Parameter)product.Inputs[1];
        float[] weights = numbers.Read(kernel).ToArray();
        var folding = FoldedNormalization.Of(
            statistics, epsilon, product.Inputs.Length == 3 ? numbers.Read((Parameter)product.Inputs[2]) : []);
        int channels = folding.Factors.Length;

        // The output channels are the kernel's last axis.
        for (int index = 0; index < weights.Length; index++)
        {
            weights[index] = (float)(weights[index] * folding.Factors[index % channels]);
        }

        var offset = (Parameter)normalization.Inputs[2];
        ImmutableArray<Value> inputs =
        [
            copy.Of(product.Inputs[0]),
            copy.Copy(kernel, Name(graph, kernel, normalization, "kernel"), weights),
            copy.Copy(
                offset,
                product.Inputs.Length == 3 ? Name(graph, (Parameter)product.Inputs[2], normalization, "bias") : $"{normalization.Name}/bias",
                folding.Offsets),
        ];
        Node folded = copy.Builder.Add(product.Name, product.Operator, inputs, product.LayerType, _ => normalization.Output.Name);
        copy.Replace(normalization.Output, folded.Output);
    }

    /// <summary>A parameter keeps its name, unless others read it and so keep it too.</summary>
    private static string Name(Graph graph, Parameter parameter, Node normalization, string part) =>
        graph.Consumers(parameter).Length == 1 && !graph.Outputs.Contains(parameter) ? parameter.Name : $"{normalization.Name}/{part}";
}
