using Sepal.Costs;

// In the library's root namespace, so that a model answers these wherever there is one.
namespace Sepal;

/// <summary>What a model can tell about itself.</summary>
public static class ModelReports
{
    /// <summary>Counts the model: parameters, MACs, element operations and bytes, by node, by layer and in all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">Images in a batch, at least 1.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The batch is not positive.</exception>
    /// <exception cref="SepalException">A dimension other than the batch is open, or a count does not fit 64 bits.</exception>
    public static ModelCost Cost(this Model model, int batch = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelCost.Of(model.Graph, batch);
    }

    /// <summary>Counts the model by options: for a batch, for values of its open dimensions, for a machine, by other rules.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What is counted for, and by which rules.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The batch is not positive, or there are less than no optimizer states.</exception>
    /// <exception cref="SepalException">
    /// A dimension is open, a size is one that the model cannot take, or a count does not fit 64 bits.
    /// </exception>
    public static ModelCost Cost(this Model model, CostOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelCost.Of(model.Graph, options);
    }

    /// <summary>
    /// Describes the model as Keras does: a table of its layers with their types, output shapes and parameters, and
    /// below it the totals. A model that is no plain stack has a column more: what each layer reads from.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <returns>Several lines, each ended by a line feed.</returns>
    public static string Summary(this Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelSummary.Write(model);
    }
}
