using System.Collections.Immutable;
using Sepal.Execution;
using Sepal.Training;
using Sepal.Training.Losses;

namespace Sepal.TrainingSpeed;

/// <summary>A step of the training plan.</summary>
/// <param name="Node">The node it belongs to.</param>
/// <param name="Action">What it does there.</param>
/// <param name="Parts">Into how many parts the work falls.</param>
/// <param name="Milliseconds">The least time of several runs: whatever disturbs a step only adds to it.</param>
internal sealed record PlanStepTime(string Node, string Action, int Parts, double Milliseconds);

/// <summary>Times every step of a training plan: forward, loss, backward.</summary>
internal static class StepProfile
{
    private const int Runs = 9;

    /// <summary>The slowest steps, the slowest first.</summary>
    public static unsafe ImmutableArray<PlanStepTime> Measure(Model model, int batch, int threads, int count)
    {
        using var gradients = new AlignedMemory(model.Store.Trainable.ByteCount);
        var plan = TrainingPlan.Compile(
            model.Graph,
            new Objective(new SparseCategoricalCrossentropy()),
            model.Store,
            parameter =>
            {
                PlanBuffer place = model.Store.Buffer(parameter);
                return new PlanBuffer(parameter.Name, MemorySpace.Gradients, place.ByteCount) { Offset = place.Offset };
            },
            batch,
            targetLength: 1);
        using var context = new RunContext(plan.Plan, threads);
        model.Store.Bind(context);
        context.Bind(MemorySpace.Gradients, gradients);
        var random = new Random(1);
        foreach (ref float value in context.Span(plan.Input))
        {
            value = random.NextSingle();
        }

        double[][] runs = [.. Enumerable.Range(0, Runs).Select(_ => Executor.Profile(plan.Plan.Steps, context, runs: 1))];
        double[] times = [.. Enumerable.Range(0, plan.Plan.Steps.Length).Select(step => runs.Min(run => run[step]))];
        return
        [
            .. plan.Plan.Steps
                .Select((step, index) => new PlanStepTime(step.NodeName, step.Action, step.Parts, times[index]))
                .OrderByDescending(step => step.Milliseconds)
                .Take(count),
        ];
    }
}
