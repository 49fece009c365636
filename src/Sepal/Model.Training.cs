using System.Numerics.Tensors;
using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Training;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;

namespace Sepal;

/// <content>Training and evaluation, in the manner of Keras.</content>
public partial class Model
{
    private Trainer? _trainer;
    private Loss? _loss;
    private Metric[] _metrics = [];

    /// <summary>What the model was compiled with; callbacks ask them which way is better.</summary>
    internal IReadOnlyList<Metric> Metrics => _metrics;

    /// <summary>Says how the model is trained and judged. Starts the optimizer anew; the parameters stay.</summary>
    /// <param name="optimizer">How parameters follow gradients.</param>
    /// <param name="loss">What is made small.</param>
    /// <param name="metrics">What is reported beside it.</param>
    /// <exception cref="TrainingException">
    /// The model has more than one input or output, or nothing to train, or two metrics have one name.
    /// </exception>
    public void Compile(Optimizer optimizer, Loss loss, params ReadOnlySpan<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(loss);
        if (Graph.Inputs.Length != 1 || Graph.Outputs.Length != 1)
        {
            throw new TrainingException(
                $"Only a model with one input and one output can be trained; this one has {Graph.Inputs.Length} and {Graph.Outputs.Length}.");
        }

        if (Graph.Outputs[0].Spec.Rank < 2 || !Graph.Outputs[0].Spec.Channels.IsKnown)
        {
            throw new TrainingException(
                $"The output {Graph.Outputs[0].Spec.Describe()} cannot be trained: expected a batch dimension and a fixed last one.");
        }

        if (!Graph.Parameters.Any(parameter => parameter.Trainable))
        {
            throw new TrainingException("The model has no trainable parameter. Leave at least one layer trainable.");
        }

        Metric[] distinct = [.. metrics];
        foreach ((int index, Metric metric) in distinct.Index())
        {
            ArgumentNullException.ThrowIfNull(metric, nameof(metrics));
            if (distinct.Take(index).Any(other => other.Name == metric.Name))
            {
                throw new TrainingException($"Two metrics are named '{metric.Name}', so that results could not tell them apart. Give each once.");
            }
        }

        _trainer?.Dispose();
        _trainer = new Trainer(Graph, Store, loss, optimizer);
        _loss = loss;
        _metrics = distinct;
    }

    /// <summary>Trains the model.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="epochs">How many times they are gone through.</param>
    /// <param name="batchSize">Examples a step.</param>
    /// <returns>What every epoch gave.</returns>
    /// <exception cref="TrainingException">The data do not fit the model, or the loss stopped being a number.</exception>
    public History Fit(Dataset dataset, int epochs, int batchSize = 32) =>
        Fit(dataset, new FitOptions { Epochs = epochs, BatchSize = batchSize });

    /// <summary>Trains the model.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="options">Epochs, batch size, validation, callbacks and the rest.</param>
    /// <returns>What every epoch gave.</returns>
    /// <exception cref="TrainingException">The data do not fit the model, or the loss stopped being a number.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; trainable parameters stay as the last finished step left them.</exception>
    public History Fit(Dataset dataset, FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        (Trainer trainer, _, _) = Compiled();
        RequireFit(dataset);
        RequireAtLeastOne(options.Epochs, "epochs");
        RequireAtLeastOne(options.BatchSize, "examples a batch");
        RequireAtLeastOne(options.Threads, "threads");
        options.RequireRanges();
        if (options.Validation is { } validation)
        {
            RequireFit(validation);
        }

        using var loop = new TrainingLoop(this, trainer, dataset, options);
        return loop.Run();
    }

    /// <summary>Trains the model on tensors in memory.</summary>
    /// <param name="inputs">Examples, <c>[count, …]</c>.</param>
    /// <param name="classes">One class number an example.</param>
    /// <param name="epochs">How many times they are gone through.</param>
    /// <param name="batchSize">Examples a step.</param>
    /// <returns>What every epoch gave.</returns>
    /// <exception cref="TrainingException">The data do not fit the model, or the loss stopped being a number.</exception>
    public History Fit(ReadOnlyTensorSpan<float> inputs, ReadOnlySpan<int> classes, int epochs = 1, int batchSize = 32) =>
        Fit(new TensorDataset(inputs, classes), epochs, batchSize);

    private (Trainer Trainer, Loss Loss, Metric[] Metrics) Compiled()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _trainer is not null && _loss is not null
            ? (_trainer, _loss, _metrics)
            : throw new TrainingException("The model has no loss yet. Call Compile first, for example Compile(new Adam(), new SparseCategoricalCrossentropy()).");
    }

    private void RequireFit(Dataset dataset)
    {
        OpenBatch.Require(Graph);
        Shape expected = Graph.Inputs[0].Shape.WithoutBatch();
        if (dataset.Count < 1)
        {
            throw new TrainingException("The data set is empty. Give at least one example.");
        }

        if (!dataset.InputShape.Equals(expected))
        {
            throw new TrainingException(
                $"The data set's examples have the shape {dataset.InputShape}, but the model's input '{Graph.Inputs[0].Name}' has {expected}. "
                + "Reshape the data, or build the model with that input.");
        }

        _loss!.RequireShapes(Graph.Outputs[0].Spec, dataset.TargetShape);
    }

    private static void RequireAtLeastOne(int value, string what)
    {
        if (value < 1)
        {
            throw new TrainingException($"{value} {what} make no sense. Give at least 1.");
        }
    }
}
