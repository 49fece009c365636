using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Costs;

/// <summary>Walks a graph once and adds up what its operators say they cost.</summary>
internal sealed class GraphCounter(Graph graph, int batch, IReadOnlyDictionary<string, long>? symbols)
{
    private readonly Dictionary<string, long> _symbols = new(symbols ?? ImmutableDictionary<string, long>.Empty)
    {
        [Dimension.Batch.ToString()] = batch,
    };

    private readonly HashSet<Parameter> _counted = [];

    public ModelCost Count()
    {
        try
        {
            ImmutableArray<NodeCost> nodes = [.. graph.Nodes.Select(Count)];
            ImmutableArray<LayerCost> layers = [.. graph.Nodes.Zip(nodes).GroupBy(pair => pair.First.LayerName).Select(CountLayer)];
            return new ModelCost
            {
                Batch = batch,
                Nodes = nodes,
                Layers = layers,
                TrainableParameters = nodes.Sum(node => node.TrainableParameters),
                NonTrainableParameters = nodes.Sum(node => node.NonTrainableParameters),
                MultiplyAccumulates = nodes.Sum(node => node.MultiplyAccumulates),
                ElementOperations = nodes.Sum(node => node.ElementOperations),
                BytesRead = nodes.Sum(node => node.BytesRead),
                BytesWritten = nodes.Sum(node => node.BytesWritten),
                ConvolutionParameters = graph.Nodes.Where(node => node.Operator is Convolution)
                    .SelectMany(node => node.Inputs.OfType<Parameter>()).Distinct().Sum(parameter => parameter.Length),
                ConvolutionMultiplyAccumulates = nodes.Where(node => node.IsConvolution).Sum(node => node.MultiplyAccumulates),
            };
        }
        catch (OverflowException exception)
        {
            // Sum checks; the dimensions' own arithmetic reports in the same words.
            throw new SepalException("A sum of counts does not fit 64 bits. Count a smaller model or batch.", exception);
        }
    }

    private static LayerCost CountLayer(IGrouping<string, (Node Node, NodeCost Cost)> layer)
    {
        return new LayerCost
        {
            Name = layer.Key,
            Type = LayerTypes.Of([.. layer.Select(pair => pair.Node)]),
            Nodes = [.. layer.Select(pair => pair.Cost)],
            TrainableParameters = layer.Sum(pair => pair.Cost.TrainableParameters),
            NonTrainableParameters = layer.Sum(pair => pair.Cost.NonTrainableParameters),
            MultiplyAccumulates = layer.Sum(pair => pair.Cost.MultiplyAccumulates),
            ElementOperations = layer.Sum(pair => pair.Cost.ElementOperations),
            BytesRead = layer.Sum(pair => pair.Cost.BytesRead),
            BytesWritten = layer.Sum(pair => pair.Cost.BytesWritten),
        };
    }

    /// <summary>What <see cref="NodeCost.Kind"/> says of a node.</summary>
    public static string KindOf(Node node) => node.Operator is Convolution convolution
        ? convolution.KindFor(node.Inputs[0].Spec.Channels.Value).ToString().ToLowerInvariant()
        : node.Operator.Name.ToLowerInvariant();

    private NodeCost Count(Node node)
    {
        var call = new OperatorCall(node.Name, node.Operator, [.. node.Inputs.Select(input => Resolve(input.Spec))]);
        ImmutableArray<TensorSpec> outputs = [.. node.Outputs.Select(output => Resolve(output.Spec))];
        OperatorCost cost = node.Operator.Cost(call, outputs);
        Parameter[] parameters = [.. node.Inputs.OfType<Parameter>().Where(_counted.Add)];
        return new NodeCost
        {
            Name = node.Name,
            LayerName = node.LayerName,
            Kind = KindOf(node),
            IsCounted = node.Operator.IsCounted,
            IsConvolution = node.Operator is Convolution,
            OutputShape = outputs[0].Shape,
            TrainableParameters = parameters.Where(parameter => parameter.Trainable).Sum(parameter => parameter.Length),
            NonTrainableParameters = parameters.Where(parameter => !parameter.Trainable).Sum(parameter => parameter.Length),
            MultiplyAccumulates = cost.MultiplyAccumulates.Evaluate(_symbols),
            ElementOperations = cost.ElementOperations.Evaluate(_symbols),
            BytesRead = cost.BytesRead.Evaluate(_symbols),
            BytesWritten = cost.BytesWritten.Evaluate(_symbols),
        };
    }

    private TensorSpec Resolve(TensorSpec spec) => spec with { Shape = spec.Shape.Resolve(_symbols) };
}
