namespace Sepal.Data;

/// <summary>A picture that is left out of a data set.</summary>
/// <param name="Path">The file.</param>
/// <param name="Reason">Why, and what to do about it: sentences, the first without its capital letter.</param>
public sealed record SkippedImage(string Path, string Reason)
{
    /// <summary>Makes one of what reading the file said.</summary>
    /// <param name="path">The file.</param>
    /// <param name="error">What was wrong; its message may begin with the file's name.</param>
    /// <returns>The picture that is left out.</returns>
    public static SkippedImage Of(string path, DataException error)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(error);
        return new SkippedImage(path, error.Message.StartsWith($"{path}: ", StringComparison.Ordinal) ? error.Message[(path.Length + 2)..] : error.Message);
    }
}
