using System.Numerics.Tensors;
using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Training;
using Sepal.Training.Features;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;

namespace Sepal;

/// <content>Evaluation and prediction.</content>
public partial class Model
{
    // Large enough to keep all cores busy, small enough to stay in the caches.
    private const int EvaluationBatchSize = 128;

    private readonly List<Predictor> _predictors = [];

    /// <summary>Measures the model on a data set: the loss and the metrics that it was compiled with.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="batchSize">Examples a run; makes no difference to the result.</param>
    /// <param name="threads">Threads to compute with; all cores where not given. Makes no difference to the result.</param>
    /// <param name="cancellationToken">Ends evaluation between two kernel calls.</param>
    /// <returns>The means over all examples.</returns>
    /// <exception cref="TrainingException">The model is not compiled, or the data do not fit it.</exception>
    public Evaluation Evaluate(
        Dataset dataset, int batchSize = EvaluationBatchSize, int? threads = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        _ = Compiled();
        RequireFit(dataset);
        RequireAtLeastOne(batchSize, "examples a batch");
        return Evaluate(Graph, dataset, batchSize, threads ?? Environment.ProcessorCount, cancellationToken);
    }

    /// <summary>Validation between two epochs: of the whole model, or of its upper part on features.</summary>
    internal Evaluation EvaluateForFit(Graph graph, Dataset dataset, FitOptions options) =>
        Evaluate(graph, dataset, EvaluationBatchSize, options.Threads, options.CancellationToken);

    /// <summary>A part of the model that runs as evaluation does.</summary>
    internal IBackboneRun EvaluationBackbone(Graph graph, int threads) => new Backbone(this, graph, threads);

    private Evaluation Evaluate(Graph graph, Dataset dataset, int batchSize, int threads, CancellationToken cancellationToken)
    {
        (_, Loss loss, Metric[] metrics) = Compiled();
        int targetLength = checked((int)dataset.TargetShape.ElementCount.Value);
        int classes = checked((int)Graph.Outputs[0].Spec.Channels.Value);
        int[] order = Batches.Order(dataset.Count, shuffle: false, seed: 0, epoch: 0);
        double penalty = PenaltyStep.Total(Graph, Store);
        var means = new RunningMeans(metrics);
        dataset.Prepare(epoch: 0, order, batchSize);

        // The loss reads what stands before the last activation, if the two belong together; the metrics read the output.
        Value source = loss.Source(graph);
        bool fused = source != graph.Outputs[0];
        Graph both = new(graph.Inputs, [graph.Outputs[0], source], graph.Nodes);
        for (int batch = 0; batch * (long)batchSize < order.Length; batch++)
        {
            ReadOnlySpan<int> indices = Batches.Batch(order, batchSize, batch);
            Predictor predictor = PredictorFor(both, indices.Length, threads);
            var targets = new float[indices.Length * targetLength];
            var losses = new float[indices.Length];
            dataset.Read(indices, predictor.Input, targets);
            loss.RequireTargets(targets, classes);
            predictor.Run(cancellationToken);
            ReadOnlySpan<float> values = predictor.OutputAt(1);
            int length = values.Length / indices.Length;
            for (int row = 0; row < losses.Length; row++)
            {
                losses[row] = loss.Example(
                    fused, values.Slice(row * length, length), targets.AsSpan(row * targetLength, targetLength), classes, scale: 1, gradient: []);
            }

            means.Add(losses, penalty, predictor.OutputAt(0), targets, classes);
        }

        return new Evaluation(means.Loss, means.ToDictionary());
    }

    /// <summary>Runs the model on examples.</summary>
    /// <param name="inputs">Examples, <c>[count, …]</c>.</param>
    /// <param name="batchSize">Examples a run; makes no difference to the result.</param>
    /// <param name="threads">Threads to compute with; all cores where not given. Makes no difference to the result.</param>
    /// <returns>The first output, <c>[count, …]</c>.</returns>
    /// <exception cref="SepalException">The shape does not fit the model's input.</exception>
    public Tensor<float> Predict(ReadOnlyTensorSpan<float> inputs, int batchSize = EvaluationBatchSize, int? threads = null) =>
        Run(Graph, inputs, batchSize, threads);

    /// <summary>Runs the model on examples and returns a value from inside it, such as a layer's feature maps.</summary>
    /// <param name="name">A value's name: a node's path, for example <c>conv2d</c> or <c>conv2d/relu</c>.</param>
    /// <param name="inputs">Examples, <c>[count, …]</c>.</param>
    /// <returns>The value, <c>[count, …]</c>.</returns>
    /// <exception cref="SepalException">There is no such value, or the shape does not fit the model's input.</exception>
    public Tensor<float> Activation(string name, ReadOnlyTensorSpan<float> inputs) =>
        Run(new Graph(Graph.Inputs, [Graph.Node(name).Output], Graph.Nodes), inputs, EvaluationBatchSize, threads: null);

    private Tensor<float> Run(Graph graph, ReadOnlyTensorSpan<float> inputs, int batchSize, int? threads)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireAtLeastOne(batchSize, "examples a batch");
        Shape expected = graph.Inputs[0].Shape;
        bool fits = graph.Inputs.Length == 1 && inputs.Rank == expected.Rank;
        for (int axis = 1; fits && axis < expected.Rank; axis++)
        {
            fits = expected[axis] == inputs.Lengths[axis];
        }

        if (!fits)
        {
            throw new SepalException(
                $"The model's input '{graph.Inputs[0].Name}' has the shape {expected}, but a tensor of the shape "
                + $"({string.Join(", ", inputs.Lengths.ToArray())}) was given. Reshape it; one example needs a batch dimension of 1.");
        }

        int count = checked((int)inputs.Lengths[0]);
        if (count == 0)
        {
            throw new SepalException("The batch has no examples. Give at least one.");
        }

        var flat = new float[checked((int)inputs.FlattenedLength)];
        inputs.FlattenTo(flat);
        int inputLength = flat.Length / count;
        float[]? output = null;
        int outputLength = 0;
        for (int start = 0; start < count; start += batchSize)
        {
            int size = Math.Min(batchSize, count - start);
            Predictor predictor = PredictorFor(graph, size, threads ?? Environment.ProcessorCount);
            flat.AsSpan(start * inputLength, size * inputLength).CopyTo(predictor.Input);
            predictor.Run();
            outputLength = predictor.OutputAt(0).Length / size;
            output ??= new float[checked(count * outputLength)];
            predictor.OutputAt(0).CopyTo(output.AsSpan(start * outputLength));
        }

        nint[] lengths = [count, .. graph.Outputs[0].Shape.WithoutBatch().Select(dimension => (nint)dimension.Value)];
        return Tensor.Create(output!, lengths);
    }

    /// <summary>Finds or makes the plan for a batch size; the last few are kept.</summary>
    private Predictor PredictorFor(Graph graph, int batch, int threads)
    {
        const int Kept = 4;
        RequireAtLeastOne(threads, "threads");
        Predictor? predictor = _predictors.Find(known =>
            known.Batch == batch && known.Threads == threads && known.Inputs.SequenceEqual(graph.Inputs) && known.Outputs.SequenceEqual(graph.Outputs));
        if (predictor is null)
        {
            OpenBatch.Require(graph, batch);
            predictor = new Predictor(graph, Store, batch, threads);
            _predictors.Add(predictor);
            if (_predictors.Count > Kept)
            {
                _predictors[0].Dispose();
                _predictors.RemoveAt(0);
            }
        }

        return predictor;
    }

    private sealed class Backbone(Model model, Graph graph, int threads) : IBackboneRun
    {
        public Span<float> Input(int count) => model.PredictorFor(graph, count, threads).Input;

        public ReadOnlySpan<float> Run(int count, CancellationToken cancellation)
        {
            Predictor predictor = model.PredictorFor(graph, count, threads);
            predictor.Run(cancellation);
            return predictor.OutputAt(0);
        }
    }
}
