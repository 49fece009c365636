using Sepal.Graphs;

namespace Sepal.Costs.WhatIf;

/// <summary>
/// The deepest separable variant of a model that costs no more than the model itself. Its standard convolutions are separated;
/// then separable layers are added one by one, to its stages in turn, first to last. A stage is what makes images of one size
/// and number of channels; an extra layer repeats the stage's last separable unit (depthwise, pointwise, and the normalisation
/// and activation after each) at stride 1 and at the width of its output.
/// </summary>
public sealed record DeeperModel
{
    /// <summary>More extra layers are not tried.</summary>
    public const int Most = 4096;

    private DeeperModel()
    {
    }

    /// <summary>What is kept equal.</summary>
    public required DeeperMeasure Measure { get; init; }

    /// <summary>What the model costs in it: parameters in elements, MACs, or seconds.</summary>
    public required double Budget { get; init; }

    /// <summary>What its separable variant costs without extra layers; above the budget where separability saves nothing.</summary>
    public required double Separated { get; init; }

    /// <summary>How many separable layers are added; 0 where there is no saving, or no stage to add them to.</summary>
    public required int ExtraLayers { get; init; }

    /// <summary>How many stages the layers are spread over.</summary>
    public required int Stages { get; init; }

    /// <summary>The variant.</summary>
    public required Graph Graph { get; init; }

    /// <summary>What it costs.</summary>
    public required ModelCost Cost { get; init; }

    /// <summary>Finds the variant for one measure.</summary>
    /// <param name="graph">The model as it is.</param>
    /// <param name="measure">What is kept equal.</param>
    /// <param name="options">What is counted for, and by which rules; one image where not given.</param>
    /// <returns>The variant.</returns>
    /// <exception cref="SepalException">A dimension is open, a count does not fit, or a time is asked for without a machine.</exception>
    public static DeeperModel Of(Graph graph, DeeperMeasure measure, CostOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        options ??= new CostOptions();
        if (measure == DeeperMeasure.RooflineTime && options.Machine is null)
        {
            throw new SepalException("A roofline time was asked for without a machine. Give CostOptions.Machine, for example Machine.Measure().");
        }

        double budget = Value(ModelCost.Of(graph, options), measure);
        var rewrite = new DeepeningRewrite(Separation.Apply(graph));
        ModelCost separated = Count(0);
        bool isOpen = rewrite.Stages.Length > 0 && Value(separated, measure) < budget;
        int layers = isOpen ? Deepest() : 0;
        return new DeeperModel
        {
            Measure = measure,
            Budget = budget,
            Separated = Value(separated, measure),
            ExtraLayers = layers,
            Stages = rewrite.Stages.Length,
            Graph = rewrite.Apply(layers),
            Cost = layers == 0 ? separated : Count(layers),
        };

        ModelCost Count(int extra) => ModelCost.Of(rewrite.Apply(extra), options);

        bool Fits(int extra) => Value(Count(extra), measure) <= budget;

        // Every layer costs something, so that what fits can be found by doubling and halving.
        int Deepest()
        {
            int fits = 0;
            int exceeds = 1;
            while (exceeds <= Most && Fits(exceeds))
            {
                fits = exceeds;
                exceeds *= 2;
            }

            exceeds = Math.Min(exceeds, Most + 1);
            while (exceeds - fits > 1)
            {
                int middle = (fits + exceeds) / 2;
                (fits, exceeds) = Fits(middle) ? (middle, exceeds) : (fits, middle);
            }

            return fits;
        }
    }

    private static double Value(ModelCost cost, DeeperMeasure measure) => measure switch
    {
        DeeperMeasure.Parameters => cost.TotalParameters,
        DeeperMeasure.MultiplyAccumulates => cost.MultiplyAccumulates,
        _ => cost.RooflineSeconds ?? 0,
    };
}
