using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;

namespace Sepal.Training.Features;

/// <summary>
/// Runs the frozen part of a model by the steps that training runs it by, not by the faster ones of inference, whose folded
/// weights round otherwise: what is computed once is, bit for bit, what every step would compute.
/// </summary>
internal sealed class TrainingBackbone(Graph graph, ParameterStore parameters, int threads) : IBackboneRun, IDisposable
{
    private readonly Dictionary<int, (Plan Plan, RunContext Context, PlanBuffer Input, PlanBuffer Output)> _plans = [];

    public Span<float> Input(int count)
    {
        (_, RunContext context, PlanBuffer input, _) = PlanFor(count);
        return context.Span(input);
    }

    public ReadOnlySpan<float> Run(int count, CancellationToken cancellation)
    {
        (Plan plan, RunContext context, _, PlanBuffer output) = PlanFor(count);
        Executor.Run(plan.Steps, context, cancellation);
        return context.Span(output);
    }

    public void Dispose()
    {
        foreach ((_, RunContext context, _, _) in _plans.Values)
        {
            context.Dispose();
        }
    }

    private (Plan Plan, RunContext Context, PlanBuffer Input, PlanBuffer Output) PlanFor(int batch)
    {
        if (!_plans.TryGetValue(batch, out (Plan, RunContext, PlanBuffer, PlanBuffer) known))
        {
            var builder = new PlanBuilder(prepareParameters: false);
            var forward = new ForwardContext(
                builder, parameters.Buffer, new Dictionary<string, long> { [Dimension.Batch.ToString()] = batch }, training: true);
            PlanBuffer input = PlanCompiler.LowerAll(graph, forward)[0];
            PlanBuffer output = forward.Buffer(graph.Outputs[0]);
            PlanBuilder.LiveToEnd(output);
            Plan plan = builder.Build();
            var context = new RunContext(plan, threads);
            parameters.Bind(context);
            known = (plan, context, input, output);
            _plans.Add(batch, known);
        }

        return known;
    }
}
