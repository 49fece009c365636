using System.Collections.Immutable;
using System.CommandLine;
using Sepal.Cli.Framework;

namespace Sepal.Cli.Training;

/// <summary>The options that keep a network from learning its images by heart.</summary>
internal sealed class RegularizationOptions
{
    private readonly Option<double?> _decay = OptionParsers.OptionalNumber(
        "--weight-decay", "What every step takes from the weights, times the learning rate.", "a number of at least 0, for example 0.01", value => value >= 0);

    private readonly Option<double?> _dropout = OptionParsers.OptionalNumber(
        "--dropout", "The share of features dropped before an architecture's classifier; its own where not given.", "a number from 0 to below 1", IsShare);

    private readonly Option<double?> _smoothing = OptionParsers.OptionalNumber(
        "--label-smoothing", "The share of every target that is spread over all classes; 0.1 is usual.", "a number from 0 to below 1", IsShare);

    private readonly Option<double?> _average = OptionParsers.OptionalNumber(
        "--average", "Use a moving average of the weights with this decay; 0.99 to 0.9999 are usual.", "a number from 0 to below 1, for example 0.999", IsShare);

    private readonly Option<double?> _clipNorm = OptionParsers.OptionalNumber(
        "--clip-norm", "The largest norm that all gradients together may have.", "a number above 0, for example 1", value => value > 0);

    private readonly Option<int?> _earlyStopping = OptionParsers.OptionalWholeNumber(
        "--early-stopping", "Stop when the validation accuracy has not risen for N epochs.", 1, 100_000);

    private readonly Option<string> _classWeights = OptionParsers.Word(
        "--class-weights", "balanced: every class counts as much as any other, however few images it has.", "none", "balanced");

    /// <summary>Makes the options.</summary>
    public RegularizationOptions()
    {
        _classWeights.DefaultValueFactory = _ => "none";
    }

    /// <summary>The options, to be added to a verb.</summary>
    public ImmutableArray<Option> All => [_decay, _dropout, _smoothing, _average, _clipNorm, _earlyStopping, _classWeights];

    /// <summary>The weight decay; null where it is not given.</summary>
    /// <param name="arguments">The parsed options.</param>
    /// <returns>The decay.</returns>
    public double? WeightDecay(ParseResult arguments) => arguments.GetValue(_decay);

    /// <summary>Fills in what was typed.</summary>
    /// <param name="settings">The settings so far.</param>
    /// <param name="arguments">The parsed options.</param>
    /// <returns>The settings.</returns>
    public TrainingSettings Apply(TrainingSettings settings, ParseResult arguments) => settings with
    {
        Dropout = arguments.GetValue(_dropout),
        LabelSmoothing = arguments.GetValue(_smoothing) ?? 0,
        Average = arguments.GetValue(_average),
        ClipNorm = arguments.GetValue(_clipNorm),
        EarlyStopping = arguments.GetValue(_earlyStopping),
        ClassWeights = arguments.GetValue(_classWeights)!,
    };

    private static bool IsShare(double value) => value is >= 0 and < 1;
}
