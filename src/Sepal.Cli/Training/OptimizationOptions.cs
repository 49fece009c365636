using System.Collections.Immutable;
using System.CommandLine;
using Sepal.Cli.Framework;

namespace Sepal.Cli.Training;

/// <summary>The options that say how weights follow gradients, and what keeps them from learning the images by heart.</summary>
internal sealed class OptimizationOptions
{
    private const string Adam = "adam";
    private const string AdamW = "adamw";
    private const double DefaultDecay = 0.004;

    private readonly Option<int> _epochs = OptionParsers.WholeNumber("--epochs", "Times through the training images.", 1, 100_000);
    private readonly Option<int> _batchSize = OptionParsers.WholeNumber("--batch-size", "Images a training step.", 1, 65_536);

    private readonly Option<double?> _rate = OptionParsers.OptionalNumber(
        "--lr", "The highest learning rate; 0.001 where not given, for sgd 0.05.", "a number above 0, for example 0.001", value => value > 0);

    private readonly Option<string> _optimizer = OptionParsers.Word(
        "--optimizer", "How weights follow gradients; adam where not given, with --weight-decay adamw. sgd has Nesterov's momentum of 0.9.", Adam, AdamW, "sgd", "rmsprop");

    private readonly Option<string> _schedule = OptionParsers.Word(
        "--schedule", "How the learning rate falls: along half a cosine to 0, by 10 after one and two thirds of the epochs, or not.", "cosine", "step", "constant");

    private readonly Option<double?> _warmup = OptionParsers.OptionalNumber(
        "--warmup", "Epochs, or a part of one, over which the learning rate rises to its highest.", "a number of at least 0, for example 0.5", value => value >= 0);

    private readonly Option<double?> _decay = OptionParsers.OptionalNumber(
        "--weight-decay", "What every step takes from the weights, times the learning rate (adamw).", "a number of at least 0, for example 0.01", value => value >= 0);

    private readonly Option<double?> _dropout = OptionParsers.OptionalNumber(
        "--dropout", "The share of features dropped before an architecture's classifier; its own where not given.", "a number from 0 to below 1", value => value is >= 0 and < 1);

    private readonly Option<string> _classWeights = OptionParsers.Word(
        "--class-weights", "balanced: every class counts as much as any other, however few images it has.", "none", "balanced");

    private readonly Option<int?> _earlyStopping = OptionParsers.OptionalWholeNumber(
        "--early-stopping", "Stop when the validation accuracy has not risen for N epochs.", 1, 100_000);

    /// <summary>Makes the options.</summary>
    public OptimizationOptions()
    {
        _epochs.DefaultValueFactory = _ => 10;
        _batchSize.DefaultValueFactory = _ => 64;
        _schedule.DefaultValueFactory = _ => "cosine";
        _classWeights.DefaultValueFactory = _ => "none";
    }

    /// <summary>The options, to be added to a verb.</summary>
    public ImmutableArray<Option> All =>
        [_epochs, _batchSize, _rate, _optimizer, _schedule, _warmup, _decay, _dropout, _earlyStopping];

    /// <summary>Fills in what was typed.</summary>
    /// <param name="settings">The settings so far.</param>
    /// <param name="arguments">The parsed options.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    public TrainingSettings Apply(TrainingSettings settings, ParseResult arguments)
    {
        double? decay = arguments.GetValue(_decay);
        string optimizer = arguments.GetValue(_optimizer) ?? (decay is null ? Adam : AdamW);
        if (decay > 0 && optimizer != AdamW)
        {
            throw UsageException.ForOption("--weight-decay", $"{decay}", $"no decay with {optimizer}: adamw is the optimizer that has it (--optimizer adamw)");
        }

        int epochs = arguments.GetValue(_epochs);
        double warmup = arguments.GetValue(_warmup) ?? 0;
        if (warmup >= epochs)
        {
            throw UsageException.ForOption("--warmup", $"{warmup}", $"fewer epochs than there are in all ({epochs})");
        }

        return settings with
        {
            Epochs = epochs,
            BatchSize = arguments.GetValue(_batchSize),
            Optimizer = optimizer,
            LearningRate = arguments.GetValue(_rate) ?? (optimizer == "sgd" ? 0.05 : 0.001),
            Schedule = arguments.GetValue(_schedule)!,
            Warmup = warmup,
            WeightDecay = optimizer == AdamW ? decay ?? DefaultDecay : 0,
            Dropout = arguments.GetValue(_dropout),
            EarlyStopping = arguments.GetValue(_earlyStopping),
        };
    }
}
