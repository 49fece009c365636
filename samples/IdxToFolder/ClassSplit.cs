using System.Collections.Immutable;
using Sepal.Data;

namespace IdxToFolder;

/// <summary>Chooses images class by class: the first ones are trained on, the last ones held out.</summary>
internal static class ClassSplit
{
    /// <summary>Looks classes up.</summary>
    /// <param name="classNames">What the set's classes are called, in the order of their numbers.</param>
    /// <param name="only">What those to take are called; null for all.</param>
    /// <returns>The numbers of those to take.</returns>
    /// <exception cref="DataException">The set has no class of such a name.</exception>
    public static ImmutableHashSet<int> Labels(IReadOnlyList<string> classNames, IReadOnlyList<string>? only)
    {
        string[] all = [.. classNames];
        return only is null ? [.. Enumerable.Range(0, all.Length)] : [.. only.Select(Label)];

        int Label(string name) => Array.IndexOf(all, name) is var label and >= 0
            ? label
            : throw new DataException($"received the class '{name}'; expected one of the set's: {string.Join(", ", all)}.");
    }

    /// <summary>Chooses images.</summary>
    /// <param name="images">The images.</param>
    /// <param name="labels">The numbers of the classes to take.</param>
    /// <param name="perClass">Images of each class to train on; null for all that are not held out.</param>
    /// <param name="validation">Images of each class to hold out.</param>
    /// <returns>The places of those to train on and of those held out.</returns>
    /// <exception cref="DataException">A class has too few.</exception>
    public static (ImmutableArray<int> Training, ImmutableArray<int> Validation) Take(
        IdxDataset images, ImmutableHashSet<int> labels, int? perClass, int validation)
    {
        var training = ImmutableArray.CreateBuilder<int>();
        var held = ImmutableArray.CreateBuilder<int>();
        foreach (IGrouping<int, int> ofClass in Enumerable.Range(0, images.Count).GroupBy(images.Label).OrderBy(group => group.Key))
        {
            if (!labels.Contains(ofClass.Key))
            {
                continue;
            }

            int[] all = [.. ofClass];
            int needed = (perClass ?? 1) + validation;
            if (all.Length < needed)
            {
                throw new DataException(
                    $"The class '{images.ClassNames[ofClass.Key]}' has {all.Length} images, but {needed} are needed "
                    + $"({perClass ?? 1} to train on and {validation} held out). Ask for fewer.");
            }

            training.AddRange(all.Take(perClass ?? (all.Length - validation)));
            held.AddRange(all.TakeLast(validation));
        }

        return (training.ToImmutable(), held.ToImmutable());
    }
}
