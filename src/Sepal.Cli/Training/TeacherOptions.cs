using System.Collections.Immutable;
using System.CommandLine;
using Sepal.Cli.Framework;
using Sepal.Training;
using static System.FormattableString;

namespace Sepal.Cli.Training;

/// <summary>The options that let a network learn from another's probabilities.</summary>
internal sealed class TeacherOptions
{
    private readonly Option<string> _teacher = new("--teacher")
    {
        Description = "Learn from the probabilities that a trained ONNX file of the same classes and the same input gives (distillation), beside the pictures' classes.",
        HelpName = "FILE",
    };

    private readonly Option<double?> _temperature = OptionParsers.OptionalNumber(
        "--temperature",
        Invariant($"How much a teacher's smaller probabilities count: 1 as they are, more above; {Distillation.DefaultTemperature} where not given."),
        "a number above 0, for example 4",
        value => value > 0);

    private readonly Option<double?> _alpha = OptionParsers.OptionalNumber(
        "--alpha", Invariant($"A teacher's share of the loss; {Distillation.DefaultAlpha} where not given."), "a number from 0 to 1, for example 0.9", value => value is >= 0 and <= 1);

    /// <summary>The options, to be added to a verb.</summary>
    public ImmutableArray<Option> All => [_teacher, _temperature, _alpha];

    /// <summary>Fills in what was typed.</summary>
    /// <param name="settings">The settings so far.</param>
    /// <param name="arguments">The parsed options.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="UsageException">Options for a teacher are given, but no teacher.</exception>
    public TrainingSettings Apply(TrainingSettings settings, ParseResult arguments)
    {
        string? teacher = arguments.GetValue(_teacher);
        double? temperature = arguments.GetValue(_temperature);
        double? alpha = arguments.GetValue(_alpha);
        if (teacher is not null)
        {
            return settings with { Teacher = teacher, Temperature = temperature ?? Distillation.DefaultTemperature, Alpha = alpha ?? Distillation.DefaultAlpha };
        }

        return temperature is not null ? throw UsageException.ForOption("--temperature", $"{temperature}", "--teacher too")
            : alpha is not null ? throw UsageException.ForOption("--alpha", $"{alpha}", "--teacher too")
            : settings;
    }
}
