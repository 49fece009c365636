using System.Collections.Immutable;
using System.CommandLine;
using Sepal.Cli.Framework;
using Sepal.Shrinking;

namespace Sepal.Cli.Shrinking;

/// <summary>The options that say how a network is shrunk.</summary>
internal sealed class ShrinkMethod
{
    private readonly Option<int> _images = OptionParsers.WholeNumber(
        "--images", "Images that layers are corrected on, and that each candidate is measured on.", 1, 1_000_000);

    private readonly Option<int> _epochs = OptionParsers.WholeNumber(
        "--finetune-epochs", "Epochs of training after the original (distillation); labels help and need not be there.", 0, 100_000);

    private readonly Option<double?> _rate = OptionParsers.OptionalNumber(
        "--lr", "The highest learning rate of fine-tuning; 0.001 where not given.", "a number above 0", value => value > 0);

    private readonly Option<double?> _prune = OptionParsers.OptionalNumber(
        "--prune", "Take this share of the channels away too, before fine-tuning; none where not given.", "a number from 0 to below 1", value => value is >= 0 and < 1);

    private readonly Option<string> _form = OptionParsers.Word(
        "--form",
        "The forms that a layer may take: depthwise then pointwise, pointwise then depthwise, or whichever is better.",
        "depthwise-pointwise",
        "pointwise-depthwise",
        "both");

    private readonly Option<string[]> _keep = new("--keep")
    {
        Description = "A convolution that stays as it is, by its name in 'sepal cost'; may be given again.",
        HelpName = "NAME",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int> _batch = OptionParsers.WholeNumber("--batch", "Images in a run that is timed.", 1, 65_536);

    /// <summary>Makes the options.</summary>
    public ShrinkMethod()
    {
        _images.DefaultValueFactory = _ => 512;
        _epochs.DefaultValueFactory = _ => 0;
        _form.DefaultValueFactory = _ => "both";
        _batch.DefaultValueFactory = _ => 1;
    }

    /// <summary>The options, to be added to a verb.</summary>
    public ImmutableArray<Option> All => [_images, _epochs, _rate, _prune, _form, _keep, _batch];

    /// <summary>Reads the options.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="arguments">The parsed options.</param>
    /// <returns>The limits and the method.</returns>
    public ShrinkOptions Apply(ShrinkOptions options, ParseResult arguments) => options with
    {
        Images = arguments.GetValue(_images),
        FineTuneEpochs = arguments.GetValue(_epochs),
        FineTuneLearningRate = arguments.GetValue(_rate) ?? options.FineTuneLearningRate,
        PruneShare = arguments.GetValue(_prune) ?? 0,
        Forms = arguments.GetValue(_form) switch
        {
            "depthwise-pointwise" => [DecouplingForm.DepthwisePointwise],
            "pointwise-depthwise" => [DecouplingForm.PointwiseDepthwise],
            _ => options.Forms,
        },
        Keep = [.. arguments.GetValue(_keep) ?? []],
        TimedBatch = arguments.GetValue(_batch),
    };
}
