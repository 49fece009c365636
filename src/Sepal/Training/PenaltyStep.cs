using System.Numerics.Tensors;
using Sepal.Execution;
using Sepal.Graphs;

namespace Sepal.Training;

/// <summary>L2 regularisation: λ·Σw² is added to the loss, and 2·λ·w to the gradient.</summary>
internal static class PenaltyStep
{
    /// <summary>Adds the steps for all parameters that have a penalty.</summary>
    /// <returns>Where the parts of the penalties are written, or null where there are none.</returns>
    public static unsafe PlanBuffer? Add(
        PlanBuilder builder, Graph graph, ParameterStore parameters, Func<Parameter, PlanBuffer> gradients)
    {
        (Parameter Parameter, Partition Partition)[] penalised =
        [
            .. graph.Parameters
                .Where(parameter => parameter is { Trainable: true, L2: > 0 })
                .Select(parameter => (parameter, Partition.OfElements(parameter.Length))),
        ];
        if (penalised.Length == 0)
        {
            return null;
        }

        PlanBuffer penalties = builder.Allocate("penalties", penalised.Sum(entry => entry.Partition.Parts));
        PlanBuilder.LiveToEnd(penalties);
        int first = 0;
        foreach ((Parameter parameter, Partition partition) in penalised)
        {
            PlanBuffer values = parameters.Buffer(parameter);
            PlanBuffer gradient = gradients(parameter);
            int offset = first;
            builder.Add(
                parameter.Name,
                "L2 penalty",
                partition.Parts,
                [values, gradient],
                [gradient, penalties],
                (run, part, _) =>
                {
                    (long from, long to) = partition.Range(part);
                    var numbers = new ReadOnlySpan<float>(run.Floats(values) + from, (int)(to - from));
                    var slopes = new Span<float>(run.Floats(gradient) + from, (int)(to - from));
                    run.Floats(penalties)[offset + part] = parameter.L2 * TensorPrimitives.SumOfSquares(numbers);
                    TensorPrimitives.MultiplyAdd(numbers, 2 * parameter.L2, slopes, slopes);
                });
            first += partition.Parts;
        }

        return penalties;
    }

    /// <summary>The whole penalty, from the graph alone: for evaluation.</summary>
    public static double Total(Graph graph, ParameterStore parameters)
    {
        double total = 0;
        foreach (Parameter parameter in graph.Parameters.Where(parameter => parameter is { Trainable: true, L2: > 0 }))
        {
            total += parameter.L2 * (double)TensorPrimitives.SumOfSquares(parameters.Read(parameter));
        }

        return total;
    }
}
