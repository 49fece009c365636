namespace Sepal.Shrinking;

/// <summary>A network that cannot be shrunk as was asked for: there is nothing to shrink, or the budget cannot be met.</summary>
/// <param name="message">What was asked for, and the best that can be reached.</param>
public sealed class ShrinkException(string message) : SepalException(message);
