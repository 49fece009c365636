using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Sepal.Training;
using Sepal.Training.Initializers;

namespace Sepal.Shrinking;

/// <summary>
/// Batch normalisations behind the convolutions of a network that has none, such as a file in which they were folded. They start as
/// what changes nothing, make training sound, and are folded into the convolutions again when it ends.
/// </summary>
internal sealed class AddedNormalizations
{
    private const int MostImages = 256;

    private readonly Dictionary<Node, (double[] Means, double[] Variances)> _statistics = [];

    /// <summary>Finds the convolutions, and measures what they make.</summary>
    /// <param name="graph">The network up to its logits.</param>
    /// <param name="model">The model.</param>
    /// <param name="images">Images to measure on; null to add nothing.</param>
    /// <param name="options">Threads, and what may stop.</param>
    public AddedNormalizations(Graph graph, Model model, Dataset? images, FineTuningOptions options)
    {
        if (images is null || graph.Nodes.Any(node => node.Operator is BatchNormalization))
        {
            return;
        }

        Node[] convolutions = [.. graph.Nodes.Where(node => CanFollow(graph, node))];
        if (convolutions.Length > 0)
        {
            var measuring = new PruningOptions { MaximumImages = MostImages, Threads = options.Threads, CancellationToken = options.CancellationToken };
            ChannelStatistics statistics = ChannelStatistics.Of(graph, model, convolutions.Select(node => node.Output), images, measuring);
            foreach (Node node in convolutions)
            {
                _statistics.Add(node, (statistics.Means(node.Output), statistics.Variances(node.Output)));
            }
        }
    }

    /// <summary>Adds a convolution with a batch normalisation behind it, if it is to have one.</summary>
    /// <returns>Whether it was added.</returns>
    public bool Add(GraphCopy copy, Node node)
    {
        if (!_statistics.TryGetValue(node, out (double[] Means, double[] Variances) statistics))
        {
            return false;
        }

        (double[] means, double[] variances) = statistics;
        var normalization = new BatchNormalization { Momentum = 0.9f };
        Node convolution = copy.Builder.Add(
            node.Name, node.Operator, [.. node.Inputs.Select(input => copy.Of(input))], node.LayerType, _ => $"{node.Output.Name}/unnormalized");
        Node added = copy.Builder.Add(
            $"{node.Name}/added_normalization",
            normalization,
            [
                convolution.Output,
                Vector(0, variances.Select(variance => Math.Sqrt(variance + normalization.Epsilon)), trainable: true),
                Vector(1, means, trainable: true),
                Vector(2, means, trainable: false),
                Vector(3, variances, trainable: false),
            ],
            nameOutput: _ => node.Output.Name);
        copy.Replace(node.Output, added.Output);
        return true;

        Parameter Vector(int index, IEnumerable<double> numbers, bool trainable) => copy.Builder.Parameter(
            Name(node, index), [means.Length], new Given(numbers.Select(number => (float)number).ToArray()), trainable: trainable);
    }

    /// <summary>Folds the normalisations of a trained network into the convolutions of the model that it was made of.</summary>
    public void Fold(Model trained, Model model)
    {
        Dictionary<string, Parameter> parameters = trained.Graph.Parameters.ToDictionary(parameter => parameter.Name);
        foreach (Node node in _statistics.Keys)
        {
            float[][] statistics = [.. Enumerable.Range(0, 4).Select(index => trained.GetParameter(parameters[Name(node, index)]).ToArray())];
            var kernel = (Parameter)node.Inputs[1];
            var bias = (Parameter)node.Inputs[2];
            var folding = FoldedNormalization.Of(statistics, new BatchNormalization().Epsilon, model.GetParameter(bias).ToArray());
            float[] weights = model.GetParameter(kernel).ToArray();
            for (int index = 0; index < weights.Length; index++)
            {
                weights[index] = (float)(weights[index] * folding.Factors[index % folding.Factors.Length]);
            }

            model.SetParameter(kernel, weights);
            model.SetParameter(bias, folding.Offsets);
        }
    }

    private static string Name(Node node, int index) => $"{node.Name}/added_normalization/{index}";

    private static bool CanFollow(Graph graph, Node node) => node.Operator is Convolution
        && node.Inputs is [_, Parameter { Trainable: true } kernel, Parameter { Trainable: true } bias]
        && graph.OnlyReader(kernel) is not null
        && graph.OnlyReader(bias) is not null
        && !graph.Outputs.Contains(node.Output);
}
