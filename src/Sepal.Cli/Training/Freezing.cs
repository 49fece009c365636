using System.Globalization;
using Sepal.Graphs;

namespace Sepal.Cli.Training;

/// <summary>What <c>--freeze</c> means.</summary>
internal static class Freezing
{
    /// <summary>The word for everything below the classifier.</summary>
    public const string AllButHead = "all-but-head";

    /// <summary>Freezes layers.</summary>
    /// <param name="model">The network.</param>
    /// <param name="freeze"><c>none</c>, <c>all-but-head</c>, or how many of the first layers.</param>
    /// <returns>A copy with frozen layers; null for <c>none</c>.</returns>
    /// <exception cref="GraphException">The network has no classifier, or not so many layers.</exception>
    public static Model? Of(Model model, string freeze) => freeze switch
    {
        "none" => null,
        AllButHead => model.FreezeBackbone(),
        _ => model.FreezeFirst(int.Parse(freeze, CultureInfo.InvariantCulture)),
    };

    /// <summary>Says what is frozen and how often it is computed.</summary>
    /// <param name="settings">What is frozen, for how many epochs.</param>
    /// <param name="isFixed">Whether the pictures are the same in every epoch.</param>
    /// <returns>A line.</returns>
    public static string Describe(TrainingSettings settings, bool isFixed)
    {
        string frozen = settings.Freeze == AllButHead ? "all but the classifier is frozen"
            : settings.Freeze == "1" ? "the first layer is frozen"
            : $"the first {settings.Freeze} layers are frozen";
        string features = isFixed && settings.Epochs > 1 && settings.Teacher is null
            ? "what the frozen layers make of a picture is computed once and kept"
            : "what the frozen layers make of a picture is computed in every epoch" + (!isFixed ? ", since --augment changes it"
                : settings.Teacher is not null ? ", since the teacher sees all of it"
                : string.Empty);
        return $"{frozen}; {features}.";
    }
}
