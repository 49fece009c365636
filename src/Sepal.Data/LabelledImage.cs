namespace Sepal.Data;

/// <summary>A picture's file and what it shows.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">The number of its class, from 0.</param>
public readonly record struct LabelledImage(string Path, int Label);
