namespace Sepal.Data.Augmentations;

/// <summary>Goes on past an image's edge as in a mirror that stands on the outermost pixels.</summary>
internal static class Reflection
{
    /// <summary>The position within an image that stands for one outside.</summary>
    /// <param name="position">Any position.</param>
    /// <param name="extent">Rows or columns.</param>
    /// <returns>From 0 to just below <paramref name="extent"/>.</returns>
    public static int Of(int position, int extent)
    {
        if ((uint)position < (uint)extent)
        {
            return position;
        }

        if (extent == 1)
        {
            return 0;
        }

        int period = 2 * (extent - 1);
        int within = ((position % period) + period) % period;
        return within < extent ? within : period - within;
    }
}
