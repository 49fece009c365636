using System.Globalization;

namespace Sepal.Data.Augmentations;

/// <summary>Checks the numbers of augmentations.</summary>
internal static class Amount
{
    /// <summary>Lets a number within bounds through.</summary>
    /// <param name="value">The number.</param>
    /// <param name="least">The smallest that makes sense.</param>
    /// <param name="most">The largest that makes sense.</param>
    /// <param name="what">What it is of, for the message: <c>flip's probability</c>.</param>
    /// <returns>The number.</returns>
    /// <exception cref="DataException">It lies outside.</exception>
    public static float Require(float value, float least, float most, string what) => value >= least && value <= most
        ? value
        : throw new DataException(string.Create(CultureInfo.InvariantCulture, $"The {what} is {value}. Give a number from {least} to {most}."));
}
