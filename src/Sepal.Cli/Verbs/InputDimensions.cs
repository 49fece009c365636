using System.Collections.Immutable;
using System.Globalization;
using Sepal.Cli.Framework;
using Sepal.Inference;

namespace Sepal.Cli.Verbs;

/// <summary>What <c>--batch</c> and <c>--input</c> mean for a model's inputs.</summary>
internal static class InputDimensions
{
    /// <summary>Chooses the open dimensions: the batch in front, height and width after it.</summary>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="batch">Images in a run; where not given, what the model has, or 1.</param>
    /// <param name="size">Height and width; needed where the model leaves them open.</param>
    /// <returns>Values of open dimensions by name.</returns>
    /// <exception cref="UsageException">The model has another batch or size, or what is given is not enough.</exception>
    public static Dictionary<string, long> Choose(ImmutableArray<TensorInfo> inputs, int? batch, Size2D? size)
    {
        var dimensions = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (TensorInfo input in inputs.Where(input => input is { IsRankKnown: true, Shape.Rank: > 0 }))
        {
            ChooseBatch(input, batch, dimensions);
            ChooseSize(input, size, dimensions);
        }

        return dimensions;
    }

    private static void ChooseBatch(TensorInfo input, int? batch, Dictionary<string, long> dimensions)
    {
        if (!input.Shape[0].IsKnown)
        {
            dimensions[input.Shape[0].ToString()] = batch ?? 1;
        }
        else if (batch is { } given && input.Shape[0].Value != given)
        {
            throw UsageException.ForOption(
                "--batch", given.ToString(CultureInfo.InvariantCulture), $"{input.Shape[0]}, which is fixed in the model's input {input}");
        }
    }

    private static void ChooseSize(TensorInfo input, Size2D? size, Dictionary<string, long> dimensions)
    {
        string[] open = [.. input.Shape.Skip(1).Where(dimension => !dimension.IsKnown).Select(dimension => dimension.ToString())];
        if (size is not { } given)
        {
            if (open.Length > 0)
            {
                throw new UsageException(
                    $"--input: the model's input {input} leaves {string.Join(" and ", open)} open; give height x width, for example 224x224.");
            }

            return;
        }

        if (open.Length == 2 && (open[0] != open[1] || given.Height == given.Width))
        {
            dimensions[open[0]] = given.Height;
            dimensions[open[1]] = given.Width;
        }
        else if (open.Length > 0 || !Has(input, given))
        {
            throw UsageException.ForOption("--input", $"{given.Height}x{given.Width}", $"a size that fits the model's input {input}");
        }
    }

    /// <summary>Whether neighbouring axes after the batch are of this size, be the channels before or behind them.</summary>
    private static bool Has(TensorInfo input, Size2D size) => Enumerable.Range(1, Math.Max(0, input.Shape.Rank - 2))
        .Any(axis => input.Shape[axis] == size.Height && input.Shape[axis + 1] == size.Width);
}
