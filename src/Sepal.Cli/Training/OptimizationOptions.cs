using System.Collections.Immutable;
using System.CommandLine;
using Sepal.Cli.Framework;

namespace Sepal.Cli.Training;

/// <summary>The options that say how weights follow gradients.</summary>
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

    private readonly RegularizationOptions _regularization = new();

    /// <summary>Makes the options.</summary>
    public OptimizationOptions()
    {
        _epochs.DefaultValueFactory = _ => 10;
        _batchSize.DefaultValueFactory = _ => 64;
        _schedule.DefaultValueFactory = _ => "cosine";
    }

    /// <summary>The options, to be added to a verb.</summary>
    public ImmutableArray<Option> All =>
        [_epochs, _batchSize, _rate, _optimizer, _schedule, _warmup, .. _regularization.All];

    /// <summary>Fills in what was typed.</summary>
    /// <param name="settings">The settings so far.</param>
    /// <param name="arguments">The parsed options.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    public TrainingSettings Apply(TrainingSettings settings, ParseResult arguments)
    {
        double? decay = _regularization.WeightDecay(arguments);
        string optimizer = arguments.GetValue(_optimizer) ?? (decay is null ? Adam : AdamW);
        if (decay > 0 && optimizer == Adam)
        {
            throw UsageException.ForOption("--weight-decay", $"{decay}", "no decay with adam: the optimizer that has it is adamw (--optimizer adamw)");
        }

        int epochs = arguments.GetValue(_epochs);
        double warmup = arguments.GetValue(_warmup) ?? 0;
        if (warmup >= epochs)
        {
            throw UsageException.ForOption("--warmup", $"{warmup}", $"fewer epochs than there are in all ({epochs})");
        }

        return _regularization.Apply(settings, arguments) with
        {
            Epochs = epochs,
            BatchSize = arguments.GetValue(_batchSize),
            Optimizer = optimizer,
            LearningRate = arguments.GetValue(_rate) ?? (optimizer == "sgd" ? 0.05 : 0.001),
            Schedule = arguments.GetValue(_schedule)!,
            Warmup = warmup,
            WeightDecay = decay ?? (optimizer == AdamW ? DefaultDecay : 0),
        };
    }
}
