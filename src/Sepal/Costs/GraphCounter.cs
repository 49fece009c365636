using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Costs;

/// <summary>Walks a graph once and adds up what its operators say they cost.</summary>
internal sealed class GraphCounter
{
    private readonly Graph _graph;
    private readonly CostOptions _options;
    private readonly GraphSizes _sizes;
    private readonly TrainedValues _trained;
    private readonly HashSet<Parameter> _counted = [];

    public GraphCounter(Graph graph, CostOptions options)
    {
        _graph = graph;
        _options = options;
        _sizes = new GraphSizes(options);
        _trained = new TrainedValues(graph);
    }

    public ModelCost Count()
    {
        try
        {
            _sizes.Require(_graph);
            ImmutableArray<NodeCost> nodes = [.. _graph.Nodes.Select(Count)];
            ImmutableArray<LayerCost> layers = [.. _graph.Nodes.Zip(nodes).GroupBy(pair => pair.First.LayerName).Select(CountLayer)];
            return new ModelCost(nodes, layers)
            {
                Options = _options,
                Memory = new MemoryCounter(_graph, _sizes, _trained).Count(_options.OptimizerStates),
                Disk = DiskCounter.Count(_graph),
                ConvolutionParameters = _graph.Nodes.Where(node => node.Operator is Convolution)
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

    private static LayerCost CountLayer(IGrouping<string, (Node Node, NodeCost Cost)> layer) => new([.. layer.Select(pair => pair.Cost)])
    {
        Name = layer.Key,
        Type = LayerTypes.Of([.. layer.Select(pair => pair.Node)]),
    };

    /// <summary>What <see cref="NodeCost.Kind"/> says of a node.</summary>
    public static string KindOf(Node node) => node.Operator is Convolution convolution
        ? convolution.KindFor(node.Inputs[0].Spec.Channels.Value).ToString().ToLowerInvariant()
        : node.Operator.Name.ToLowerInvariant();

    private NodeCost Count(Node node)
    {
        var call = new OperatorCall(node.Name, node.Operator, [.. node.Inputs.Select(input => _sizes.Resolve(input.Spec))]);
        ImmutableArray<TensorSpec> outputs = [.. node.Outputs.Select(output => _sizes.Resolve(output.Spec))];
        OperatorCost cost = _sizes.Resolve(node.Operator.Cost(call, outputs));
        Parameter[] parameters = [.. node.Inputs.OfType<Parameter>().Where(_counted.Add)];
        long products = cost.MultiplyAccumulates.Value;
        ElementOperationKind kind = node.Operator.ElementOperationKind;
        (Dimension macs, Dimension elements) = CountingRules.Apply(_options, kind, cost.MultiplyAccumulates, cost.ElementOperations);

        // Zero for views, which read nothing.
        long read = cost.BytesRead.Value;
        long weights = read == 0 ? 0 : node.Inputs.Where(input => input is Parameter or ConstantValue).Sum(_sizes.Bytes);
        var result = new NodeCost
        {
            Name = node.Name,
            LayerName = node.LayerName,
            Kind = KindOf(node),
            Operator = node.Operator.Name,
            Category = CountingRules.CategoryOf(node),
            IsCounted = node.Operator.IsCounted,
            IsConvolution = node.Operator is Convolution,
            OutputShape = outputs[0].Shape,
            TrainableParameters = parameters.Where(parameter => parameter.Trainable).Sum(parameter => parameter.Length),
            NonTrainableParameters = parameters.Where(parameter => !parameter.Trainable).Sum(parameter => parameter.Length),
            MultiplyAccumulates = macs.Value,
            BackwardInputMultiplyAccumulates = checked(products * node.Inputs.Count(input => input is not Parameter && _trained.Needs(input))),
            BackwardWeightMultiplyAccumulates = checked(products * Kernels(node).Count(_trained.Needs)),
            ElementOperationsByKind = ElementOperationCounts.Of(kind, elements.Value),
            WeightBytes = weights,
            ActivationBytesIn = read - weights,
            ActivationBytesOut = cost.BytesWritten.Value,
        };
        return result with { RooflineSeconds = _options.Machine?.Seconds(result) };
    }

    /// <summary>The parameters whose gradient is a product: not a bias, which follows the kernel.</summary>
    private static IEnumerable<Value> Kernels(Node node) =>
        (node.Operator is Convolution or Dense ? node.Inputs.Skip(1).Take(1) : node.Inputs).Where(input => input is Parameter);
}
