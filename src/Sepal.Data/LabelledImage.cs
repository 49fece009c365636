namespace Sepal.Data;

/// <summary>A picture's file and what it shows.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">The number of its class, from 0.</param>
public readonly record struct LabelledImage(string Path, int Label);

/// <summary>A picture that is left out of a data set.</summary>
/// <param name="Path">The file.</param>
/// <param name="Reason">Why, and what to do about it: sentences, the first without its capital letter.</param>
public sealed record SkippedImage(string Path, string Reason);
