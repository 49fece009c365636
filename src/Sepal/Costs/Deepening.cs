using System.Globalization;
using Sepal.Graphs;

namespace Sepal.Costs;

/// <summary>
/// The deepest variant of a model within a budget: what separable layers save can be spent on more of them. Found by
/// <see cref="Within(CostBudget, Func{int, Graph}, int)"/>.
/// </summary>
/// <param name="ExtraLayers">The number of extra layers that the variant has.</param>
/// <param name="Graph">The variant; <c>new Model(graph)</c> gives it parameters.</param>
/// <param name="Cost">What it costs for one example.</param>
/// <param name="ReachedMost">Whether the search ended at the largest number it was allowed to try, and not at the budget.</param>
public sealed record Deepening(int ExtraLayers, Graph Graph, ModelCost Cost, bool ReachedMost)
{
    /// <summary>The largest number of extra layers that is tried unless said otherwise.</summary>
    public const int DefaultMost = 256;

    /// <summary>Finds the variant with the most extra layers within a budget.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="build">Makes the variant with so many extra layers, from 0 up. More layers must not cost less.</param>
    /// <param name="most">The largest number to try.</param>
    /// <returns>The variant.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is negative.</exception>
    /// <exception cref="SepalException">
    /// Already the variant without extra layers exceeds the budget, or a deeper variant costs less than a shallower one.
    /// </exception>
    public static Deepening Within(CostBudget budget, Func<int, Graph> build, int most = DefaultMost)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(build);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        Deepening best = Try(0);
        if (best.Cost[budget.Measure] > budget.Limit)
        {
            throw new SepalException(string.Create(
                CultureInfo.InvariantCulture,
                $"Without extra layers the model already costs {best.Cost[budget.Measure]:N0} {Name(budget.Measure)}; "
                + $"the budget is {budget.Limit:N0}. Raise the budget or make the model smaller."));
        }

        // One by one rather than by bisection: a variant much too deep may not exist, since images shrink.
        while (best.ExtraLayers < most)
        {
            Deepening next = Try(best.ExtraLayers + 1);
            if (next.Cost[budget.Measure] < best.Cost[budget.Measure])
            {
                throw new SepalException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"With {next.ExtraLayers} extra layers the model costs {next.Cost[budget.Measure]:N0} {Name(budget.Measure)}, less than "
                    + $"the {best.Cost[budget.Measure]:N0} with {best.ExtraLayers}. Build variants that only add layers."));
            }

            if (next.Cost[budget.Measure] > budget.Limit)
            {
                return best;
            }

            best = next;
        }

        return best with { ReachedMost = true };

        Deepening Try(int extraLayers)
        {
            Graph graph = build(extraLayers);
            return new Deepening(extraLayers, graph, ModelCost.Of(graph), ReachedMost: false);
        }
    }

    /// <summary>Finds the variant with the most extra layers within a budget. Every model that is made is disposed of.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="build">Makes the variant with so many extra layers, from 0 up. More layers must not cost less.</param>
    /// <param name="most">The largest number to try.</param>
    /// <returns>The variant, as a graph.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is negative.</exception>
    /// <exception cref="SepalException">
    /// Already the variant without extra layers exceeds the budget, or a deeper variant costs less than a shallower one.
    /// </exception>
    public static Deepening Within(CostBudget budget, Func<int, Model> build, int most = DefaultMost)
    {
        ArgumentNullException.ThrowIfNull(build);
        return Within(budget, GraphOf, most);

        Graph GraphOf(int extraLayers)
        {
            using Model model = build(extraLayers);
            return model.Graph;
        }
    }

    private static string Name(CostMeasure measure) => measure switch
    {
        CostMeasure.Parameters => "parameters",
        CostMeasure.MultiplyAccumulates => "MACs",
        CostMeasure.ConvolutionParameters => "convolution parameters",
        _ => "convolution MACs",
    };
}
