using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Sepal.Cli.Framework;

namespace Sepal.Cli.Training;

/// <summary>The options that say what of a file's network is kept.</summary>
internal sealed class TransferOptions
{
    private const double FinetuneShare = 0.1;

    private readonly Option<string> _freeze = OptionParsers.Create(
        "--freeze",
        "What of a file stays as it is: all but the classifier, or its first N convolutions and dense layers. Without --augment, what they make of a picture is computed once.",
        "all-but-head|N|none",
        "all-but-head, none, or how many of the first layers, a whole number from 1",
        (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text.ToLowerInvariant();
            return value is "none" or Freezing.AllButHead || OptionParsers.TryWholeNumber(value, 1, int.MaxValue, out _);
        });

    private readonly Option<bool> _newHead = new("--new-head")
    {
        Description = "Replace a file's classifier even where its classes are the data's.",
    };

    private readonly Option<int?> _epochs = OptionParsers.OptionalWholeNumber(
        "--finetune-epochs", "Then train the whole network for N epochs more, with nothing frozen.", 1, 100_000);

    private readonly Option<double?> _rate = OptionParsers.OptionalNumber(
        "--finetune-lr", "The highest learning rate of those epochs; a tenth of --lr where not given.", "a number above 0, for example 0.0001", value => value > 0);

    /// <summary>Makes the options.</summary>
    public TransferOptions()
    {
        _freeze.DefaultValueFactory = _ => "none";
        _freeze.CompletionSources.Add(Freezing.AllButHead, "none");
    }

    /// <summary>The options, to be added to a verb.</summary>
    public ImmutableArray<Option> All => [_freeze, _newHead, _epochs, _rate];

    /// <summary>Fills in what was typed.</summary>
    /// <param name="settings">The settings so far.</param>
    /// <param name="arguments">The parsed options.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    public TrainingSettings Apply(TrainingSettings settings, ParseResult arguments)
    {
        string freeze = arguments.GetValue(_freeze)!;
        int epochs = arguments.GetValue(_epochs) ?? 0;
        double? rate = arguments.GetValue(_rate);
        if (epochs > 0 && freeze == "none")
        {
            throw UsageException.ForOption("--finetune-epochs", $"{epochs}", "--freeze too: without it, --epochs train the whole network");
        }

        if (rate is not null && epochs == 0)
        {
            throw UsageException.ForOption("--finetune-lr", $"{rate}", "--finetune-epochs too");
        }

        return settings with
        {
            Freeze = freeze,
            NewHead = arguments.GetValue(_newHead),
            FinetuneEpochs = epochs,
            FinetuneLearningRate = epochs == 0 ? 0 : rate ?? (settings.LearningRate * FinetuneShare),
        };
    }
}
