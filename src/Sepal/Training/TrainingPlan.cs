using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Training.Gradients;

namespace Sepal.Training;

/// <summary>
/// The gradients of one batch size as a plan: forward, loss, backward. Parameters are packed anew in every run, since they
/// change between any two.
/// </summary>
internal sealed class TrainingPlan
{
    public required Plan Plan { get; init; }

    public required PlanBuffer Input { get; init; }

    public required PlanBuffer Targets { get; init; }

    /// <summary>The teacher's logits; null where there is no teacher.</summary>
    public required PlanBuffer? Teacher { get; init; }

    /// <summary>The model's output, for metrics.</summary>
    public required PlanBuffer Output { get; init; }

    /// <summary>One loss an example.</summary>
    public required PlanBuffer Losses { get; init; }

    /// <summary>The parts of the penalties, to be added up; null where no parameter has one.</summary>
    public required PlanBuffer? Penalties { get; init; }

    public static TrainingPlan Compile(
        Graph graph,
        Objective objective,
        ParameterStore parameters,
        Func<Parameter, PlanBuffer> gradients,
        int batch,
        int targetLength,
        bool shareMemory = true,
        Graph? whole = null)
    {
        var builder = new PlanBuilder(prepareParameters: false) { ShareMemory = shareMemory };
        var forward = new ForwardContext(
            builder, parameters.Buffer, new Dictionary<string, long> { [Dimension.Batch.ToString()] = batch }, training: true)
        { Whole = whole };
        PlanBuffer input = PlanCompiler.LowerAll(graph, forward)[0];
        PlanBuffer output = forward.Buffer(graph.Outputs[0]);
        PlanBuilder.LiveToEnd(output);
        PlanBuffer targets = builder.Allocate("targets", (long)batch * targetLength);
        PlanBuilder.LiveFromStart(targets);
        PlanBuilder.LiveToEnd(targets);
        PlanBuffer? teacher = null;
        if (objective.Distillation is not null)
        {
            teacher = builder.Allocate("teacher", forward.Buffer(objective.Loss.Source(graph)).FloatCount);
            PlanBuilder.LiveFromStart(teacher);
        }

        PlanBuffer losses = builder.Allocate("losses", batch);
        PlanBuilder.LiveToEnd(losses);

        var backward = new GradientContext(graph, forward, gradients);
        Value source = objective.Loss.Source(graph);
        backward.Contribute(source, LossStep.Add(forward, objective, graph, targets, teacher, losses, batch));
        backward.AddAll();
        PlanBuffer? penalties = PenaltyStep.Add(builder, graph, parameters, gradients);
        return new TrainingPlan
        {
            Plan = builder.Build(),
            Input = input,
            Targets = targets,
            Teacher = teacher,
            Output = output,
            Losses = losses,
            Penalties = penalties,
        };
    }
}
