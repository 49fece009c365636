using Sepal.Data;

namespace Sepal.Cli.Comparison;

/// <summary>
/// Finds labels that are out of range. The files do not say how many classes there are, so a damaged label would otherwise
/// give every network outputs that no image teaches.
/// </summary>
internal static class LabelCheck
{
    /// <summary>Refuses sets whose class numbers leave some out, or whose test images have a class that no training image has.</summary>
    /// <param name="directory">Where the sets come from, for messages.</param>
    /// <param name="train">The whole training set.</param>
    /// <param name="test">The test set.</param>
    /// <exception cref="DataException">A label is out of range; names it.</exception>
    public static void Require(string directory, IdxDataset train, IdxDataset test)
    {
        var taught = new bool[train.ClassCount];
        for (int image = 0; image < train.Count; image++)
        {
            taught[train.Label(image)] = true;
        }

        for (int image = 0; image < test.Count; image++)
        {
            if (!taught[test.Label(image)])
            {
                throw new DataException(
                    $"{directory}: test image {image} has the label {test.Label(image)}, but no training image has. "
                    + "Check that both label files are of this set and undamaged.");
            }
        }

        // Class 0 may be missing: some sets count from 1.
        int first = Array.IndexOf(taught, true);
        int missing = Array.IndexOf(taught, false, first);
        if (missing >= 0)
        {
            int beyond = Array.IndexOf(taught, true, missing);
            throw new DataException(
                $"{directory}: a training image has the label {beyond}, but none has {missing}. Expected class numbers that leave none out. "
                + "Check that train-labels is of this set and undamaged.");
        }
    }
}
