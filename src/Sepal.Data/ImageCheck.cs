using System.Collections.Immutable;

namespace Sepal.Data;

/// <summary>Decodes every picture once, to find those that cannot be.</summary>
internal static class ImageCheck
{
    /// <summary>Goes through all pictures on several threads.</summary>
    /// <param name="source">The pictures.</param>
    /// <param name="images">Reads them, and keeps what there is room for.</param>
    /// <param name="length">Numbers a picture.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="progress">Is told how many are done; called by these threads.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The pictures that can be decoded, and those that cannot, both in order.</returns>
    public static (ImmutableArray<int> Good, ImmutableArray<SkippedImage> Skipped) Run(
        ImageSource source, ResizedImages images, int length, int threads, Action<int>? progress, CancellationToken cancellation)
    {
        var problems = new SkippedImage?[source.Count];
        int done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, source.Count, options, () => new float[length], (index, _, pixels) =>
        {
            try
            {
                images.Read(index, pixels);
            }
            catch (DataException error)
            {
                problems[index] = SkippedImage.Of(source.Name(index), error);
            }

            progress?.Invoke(Interlocked.Increment(ref done));
            return pixels;
        }, _ => { });
        return (
            [.. Enumerable.Range(0, problems.Length).Where(index => problems[index] is null)],
            [.. problems.OfType<SkippedImage>()]);
    }

    /// <summary>Refuses data in which a class has lost its last picture.</summary>
    /// <param name="source">The pictures.</param>
    /// <param name="good">Those that can be decoded.</param>
    /// <param name="classNames">What the classes are called.</param>
    /// <exception cref="DataException">There is such a class.</exception>
    public static void RequireClasses(ImageSource source, ImmutableArray<int> good, IReadOnlyList<string> classNames)
    {
        HashSet<int> left = [.. good.Select(source.Label)];
        for (int index = 0; index < source.Count; index++)
        {
            if (!left.Contains(source.Label(index)))
            {
                string name = classNames[source.Label(index)];
                throw new DataException(
                    $"No picture of the class '{name}' can be decoded; the first is {source.Name(index)}. Fetch or save the pictures again, or take the class away.");
            }
        }
    }
}
