using Sepal.Training;

namespace Sepal.Shrinking;

/// <summary>The images that a network is shrunk with. None is used for two purposes that would spoil each other.</summary>
/// <param name="Training">
/// Images to correct layers and to fine-tune on. Without labels their targets may be anything, and are not looked at.
/// </param>
/// <param name="Search">Images that candidates are measured on, to choose by and to hold the budget by.</param>
public sealed record ShrinkData(Dataset Training, Dataset Search)
{
    /// <summary>Images that nothing is chosen by, for the accuracies of the result; those of <see cref="Search"/> where not given.</summary>
    public Dataset? HeldOut { get; init; }

    /// <summary>
    /// Whether the targets are right: class numbers, or one number a class. Without labels, agreement with the original stands for
    /// accuracy.
    /// </summary>
    public bool HasLabels { get; init; } = true;
}
