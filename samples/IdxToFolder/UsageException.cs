namespace IdxToFolder;

/// <summary>The program was called in another way than it describes.</summary>
/// <param name="message">What was received, and what was expected.</param>
internal sealed class UsageException(string message) : Exception(message);
