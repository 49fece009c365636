using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Layers;
using Xunit;

namespace Sepal.Tests.Costs;

public class ModelCostTests
{
    [Fact]
    public void The_mnist_network_costs_what_its_convolutions_do()
    {
        using Sequential model = MnistNetworks.Standard();

        ModelCost cost = model.Cost();

        Assert.Equal(18_816, cost.ConvolutionParameters);
        Assert.Equal(2_424_960, cost.ConvolutionMultiplyAccumulates);
        Assert.Equal(18_816 + (1600 * 64) + 64 + 640 + 10, cost.TotalParameters);
        Assert.Equal(2_424_960 + (1600 * 64) + 640, cost.MultiplyAccumulates);
        Assert.Equal(
            ["conv2d", "max_pooling2d", "conv2d_1", "max_pooling2d_1", "flatten", "dense", "dense_1"],
            cost.Layers.Select(layer => layer.Name));
        Assert.Equal([1, 11, 11, 64], Numbers(cost.Layers[2].OutputShape));
    }

    [Fact]
    public void The_separable_mnist_network_costs_what_the_documentation_says()
    {
        using Sequential model = MnistNetworks.Separable(0);

        Assert.Equal(2_473, model.Cost().ConvolutionParameters);
        Assert.Equal(413_412, model.Cost().MultiplyAccumulates);
    }

    [Fact]
    public void Layers_and_totals_add_up()
    {
        using Sequential model =
        [
            new Input(12, 9, 3),
            new SeparableConv2D(8, 3) { Activation = Activations.Swish },
            new Layers.BatchNormalization(),
            new Conv2D(8, (1, 3)) { Groups = 2, Padding = Padding2D.Same },
            new GlobalAveragePooling2D(),
            new Layers.Dense(5) { Activation = Activations.Softmax },
        ];

        ModelCost cost = model.Cost(batch: 3);

        foreach (Func<CostCounts, long> count in Counts)
        {
            Assert.Equal(cost.Layers.Sum(count), count(cost));
            Assert.All(cost.Layers, layer => Assert.Equal(layer.Nodes.Sum(count), count(layer)));
        }

        Assert.Equal(cost.Nodes, cost.Layers.SelectMany(layer => layer.Nodes));
        Assert.Equal(model.Graph.Parameters.Sum(parameter => parameter.Length), cost.TotalParameters);
        Assert.Equal(16, cost.NonTrainableParameters);
        Assert.Equal(
            ["depthwise", "pointwise", "swish", "batchnormalization", "grouped", "globalaveragepooling", "dense", "softmax"],
            cost.Nodes.Select(node => node.Kind));
    }

    [Fact]
    public void The_batch_multiplies_work_and_activations_but_not_parameters()
    {
        using Sequential model = MnistNetworks.Standard();

        ModelCost one = model.Cost();
        ModelCost five = model.Cost(batch: 5);

        Assert.Equal(5, five.Batch);
        Assert.Equal(one.TotalParameters, five.TotalParameters);
        Assert.Equal(5 * one.MultiplyAccumulates, five.MultiplyAccumulates);
        Assert.Equal(5 * one.ElementOperations, five.ElementOperations);
        Assert.Equal(5 * one.BytesWritten, five.BytesWritten);

        // Weights are read once a batch.
        Assert.Equal((5 * one.BytesRead) - (4 * 4 * one.TotalParameters), five.BytesRead);
        Assert.Equal([5, 26, 26, 32], Numbers(five.Nodes[0].OutputShape));
    }

    [Fact]
    public void A_shared_parameter_counts_once()
    {
        var input = new Input(8, 8, 4);
        var shared = new Conv2D(4, 3) { Padding = Padding2D.Same };
        using var model = new Model(input, shared.Apply(shared.Apply(input)));

        ModelCost cost = model.Cost();

        Assert.Equal(148, cost.TotalParameters);
        Assert.Equal(148, cost.ConvolutionParameters);
        Assert.Equal(148, Assert.Single(cost.Layers).TotalParameters);
        Assert.Equal([148, 0], cost.Nodes.Select(node => node.TotalParameters));
        Assert.Equal(2 * 64 * 9 * 16, cost.MultiplyAccumulates);
    }

    [Fact]
    public void Frozen_parameters_are_not_trainable_but_are_the_convolutions()
    {
        using Sequential model = [new Input(4, 4, 2), new Conv2D(3, 1) { Trainable = false }];

        ModelCost cost = model.Cost();

        Assert.Equal(0, cost.TrainableParameters);
        Assert.Equal(9, cost.NonTrainableParameters);
        Assert.Equal(9, cost.ConvolutionParameters);
    }

    [Fact]
    public void Bytes_are_of_every_node_anew()
    {
        using Sequential model = [new Input(4, 4, 2), new Conv2D(3, 1) { Activation = Activations.Relu }];

        ModelCost cost = model.Cost();

        Assert.Equal(4 * (32 + 6 + 3), cost.Nodes[0].BytesRead);
        Assert.Equal(4 * 48, cost.Nodes[0].BytesWritten);
        Assert.Equal(4 * 48, cost.Nodes[1].BytesRead);
        Assert.Equal(48, cost.Nodes[0].ElementOperations);
        Assert.Equal(48, cost.Nodes[1].ElementOperations);
    }

    [Fact]
    public void Open_dimensions_need_values()
    {
        using Sequential model = [new Input(Dimension.Symbol("height"), 4, 2), new Conv2D(3, 1)];

        SepalException error = Assert.Throws<SepalException>(() => model.Cost());

        Assert.Contains("height", error.Message, StringComparison.Ordinal);
        Assert.Equal(10 * 4 * 6, ModelCost.Of(model.Graph, symbols: new Dictionary<string, long> { ["height"] = 10 }).MultiplyAccumulates);
    }

    [Fact]
    public void A_batch_is_at_least_one()
    {
        using Sequential model = MnistNetworks.Standard();

        Assert.Throws<ArgumentOutOfRangeException>(() => model.Cost(batch: 0));
    }

    private static readonly Func<CostCounts, long>[] Counts =
    [
        counts => counts.TotalParameters,
        counts => counts.TrainableParameters,
        counts => counts.NonTrainableParameters,
        counts => counts.MultiplyAccumulates,
        counts => counts.ElementOperations,
        counts => counts.BytesRead,
        counts => counts.BytesWritten,
    ];

    private static IEnumerable<long> Numbers(Shape shape) => shape.Select(dimension => dimension.Value);
}
