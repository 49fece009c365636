using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Kernels.Optimizers;
using Sepal.Training.Losses;
using Sepal.Training.Optimizers;

namespace Sepal.Training;

/// <summary>
/// Trains one model: owns the gradients and the optimizer's memory, and makes steps of two halves, gradients and update.
/// </summary>
internal sealed unsafe class Trainer : IDisposable
{
    private readonly Graph _graph;
    private readonly ParameterStore _parameters;
    private readonly AlignedMemory _gradients;
    private readonly Dictionary<Parameter, PlanBuffer> _gradientBuffers = [];
    private readonly Dictionary<(int Batch, bool HasTeacher, bool IsHead), (TrainingPlan Plan, RunContext Context)> _plans = [];
    private readonly GradientClipping _clipping;
    private readonly int _classes;
    private readonly Partition _update;
    private readonly StepBody _updateBody;
    private ParameterUpdate _currentUpdate;

    public Trainer(Graph graph, ParameterStore parameters, Loss loss, Optimizer optimizer)
    {
        _graph = graph;
        _parameters = parameters;
        Objective = new Objective(loss);
        Optimizer = optimizer;
        long bytes = parameters.Trainable.ByteCount;
        _gradients = new AlignedMemory(bytes);
        _clipping = new GradientClipping(_gradients);
        OptimizerState = new AlignedMemory(checked(bytes * optimizer.StateCount));
        foreach (Parameter parameter in graph.Parameters.Where(parameter => parameter.Trainable))
        {
            PlanBuffer place = parameters.Buffer(parameter);
            _gradientBuffers.Add(
                parameter,
                new PlanBuffer($"{parameter.Name}/gradient", MemorySpace.Gradients, place.ByteCount) { Offset = place.Offset });
        }

        _classes = checked((int)graph.Outputs[0].Spec.Channels.Value);
        _update = Partition.OfElements(bytes / sizeof(float));
        _updateBody = UpdatePart;
    }

    /// <summary>How parameters follow gradients.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>What the optimizer remembers: one stretch after the other, each laid out as the trainable parameters.</summary>
    public AlignedMemory OptimizerState { get; }

    /// <summary>What steps make small.</summary>
    public Objective Objective { get; }

    /// <summary>What follows the weights from step to step, if anything.</summary>
    public WeightAverage? Average { get; set; }

    /// <summary>Who teaches, if anyone.</summary>
    public TeacherRun? Teacher { get; set; }

    /// <summary>
    /// The upper part of the model, where steps are given features in place of inputs; null where they run the whole. It has
    /// all that is trained.
    /// </summary>
    public Graph? Head { get; set; }

    /// <summary>Steps made so far.</summary>
    public long Steps { get; set; }

    /// <summary>The learning rate of the last step, or of the first where none was made.</summary>
    public double LearningRate => Optimizer.LearningRate.At(Math.Max(Steps - 1, 0));

    /// <summary>Makes one step.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="indices">Which of them make the batch.</param>
    /// <param name="options">Threads, seed, and what may stop or reduce.</param>
    /// <param name="means">Takes the losses and outputs.</param>
    /// <exception cref="TrainingException">The loss is not a finite number, or a target is impossible.</exception>
    public void Step(Dataset dataset, ReadOnlySpan<int> indices, FitOptions options, RunningMeans means)
    {
        (TrainingPlan plan, RunContext context) = PlanFor(indices.Length, dataset, options);
        context.StepNumber = Steps;
        dataset.Read(indices, context.Span(plan.Input), context.Span(plan.Targets));
        Objective.Loss.RequireTargets(context.Span(plan.Targets), _classes);

        if (plan.Teacher is not null)
        {
            Teacher!.Run(context.Span(plan.Input), context.Span(plan.Teacher), options.CancellationToken);
        }

        // Before the step as well as after it: the forward pass moves batch norm's statistics, also in a step that is broken off.
        _parameters.MarkChanged();
        Executor.Run(plan.Plan.Steps, context, options.CancellationToken);

        double penalty = 0;
        if (plan.Penalties is not null)
        {
            foreach (float part in context.Span(plan.Penalties))
            {
                penalty += part;
            }
        }

        Span<float> losses = context.Span(plan.Losses);
        foreach (float loss in losses)
        {
            if (!float.IsFinite(loss) || !double.IsFinite(penalty))
            {
                throw new TrainingException(
                    $"The loss became {(float.IsNaN(loss) ? "NaN (not a number)" : "infinite")} at step {Steps + 1}. "
                    + $"Use a lower learning rate (now {Optimizer.LearningRate.At(Steps):g3}), and check that the inputs are finite and scaled, for example to 0..1.");
            }
        }

        means.Add(losses, penalty, context.Span(plan.Output), context.Span(plan.Targets), _classes);
        options.GradientReducer?.Reduce(_gradients.Floats(0, _gradients.ByteCount / sizeof(float)));
        if (options.ClipNorm is { } bound && _clipping.Clip(bound, context, options.Threads) is var norm && !double.IsFinite(norm))
        {
            throw new TrainingException(
                $"The norm of the gradients became {(double.IsNaN(norm) ? "NaN (not a number)" : "infinite")} at step {Steps + 1}. "
                + $"Use a lower learning rate (now {Optimizer.LearningRate.At(Steps):g3}), and check that the inputs are finite and scaled, for example to 0..1.");
        }

        _currentUpdate = Optimizer.UpdateFor(Steps);
        WorkerPool.Shared.Run(_updateBody, context, _update.Parts, options.Threads);
        Average?.Follow(context, options.Threads);
        _parameters.MarkChanged();
        Steps++;
    }

    public void Dispose()
    {
        foreach ((_, RunContext context) in _plans.Values)
        {
            context.Dispose();
        }

        _gradients.Dispose();
        OptimizerState.Dispose();
    }

    /// <summary>An epoch has at most two batch sizes, the usual one and the rest at the end, so the plans are few.</summary>
    private (TrainingPlan Plan, RunContext Context) PlanFor(int batch, Dataset dataset, FitOptions options)
    {
        (int Batch, bool HasTeacher, bool IsHead) key = (batch, Objective.Distillation is not null, Head is not null);
        if (_plans.TryGetValue(key, out (TrainingPlan Plan, RunContext Context) known))
        {
            if (known.Context.Threads == options.Threads)
            {
                known.Context.Seed = options.Seed;
                return known;
            }

            known.Context.Dispose();
            _plans.Remove(key);
        }

        TrainingPlan plan = TrainingPlan.Compile(
            Head ?? _graph,
            Objective,
            _parameters,
            parameter => _gradientBuffers[parameter],
            batch,
            checked((int)dataset.TargetShape.ElementCount.Value),
            whole: _graph);
        var context = new RunContext(plan.Plan, options.Threads) { Seed = options.Seed };
        _parameters.Bind(context);
        context.Bind(MemorySpace.Gradients, _gradients);
        _plans.Add(key, (plan, context));
        return (plan, context);
    }

    private void UpdatePart(RunContext context, int part, int worker)
    {
        (long from, long to) = _update.Range(part);
        long floats = _parameters.Trainable.ByteCount / sizeof(float);
        float* state = (float*)OptimizerState.Pointer;
        UpdateKernel.Instance.Apply(
            _currentUpdate,
            (float*)_parameters.Trainable.Pointer + from,
            (float*)_gradients.Pointer + from,
            Optimizer.StateCount > 0 ? state + from : null,
            Optimizer.StateCount > 1 ? state + floats + from : null,
            to - from);
    }
}
