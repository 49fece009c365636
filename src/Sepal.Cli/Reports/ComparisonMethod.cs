using System.Collections.Immutable;
using Sepal.Cli.Comparison;
using static System.FormattableString;

namespace Sepal.Cli.Reports;

/// <summary>How a comparison was measured, for the page and the document alike.</summary>
internal static class ComparisonMethod
{
    /// <summary>Lists what has to be known to judge the figures, or to get them again.</summary>
    /// <param name="result">The comparison.</param>
    /// <returns>Facts with names.</returns>
    public static ImmutableArray<(string Name, string Text)> Facts(ComparisonResult result) =>
    [
        ("Data", Invariant($"{result.Data.Name}: {result.Data.TrainImages:N0} images to train on, {result.Data.TestImages:N0} to test on, ")
            + Invariant($"{string.Join('×', result.Data.ImageShape)}, {result.Data.Classes} classes")),
        ("Training", Invariant($"{result.Settings.Epochs} epochs in batches of {result.Settings.BatchSize}, {result.Settings.Optimizer}, seed {result.Settings.Seed}, ")
            + Invariant($"{result.Settings.Threads} threads; every network sees the same images in the same order")),
        ("Training time", "Without the test after each epoch"),
        ("One image", "The median on one thread, the networks taking turns; layer times are medians too, and add up to a little less"),
        ("Size", "All parameters in 32-bit floats"),
        ("MAC", "One multiply and one add; biases, activations and pooling are not in it"),
        ("Machine", Invariant($"{result.Machine.Cores} logical processors, {result.Machine.Architecture}; {result.Machine.Runtime}")),
    ];
}
