namespace Sepal;

/// <summary>
/// The base of every error that Sepal raises about what it was given: a graph, a file, an option or data.
/// The message names what was received, what was expected, and how to mend it.
/// </summary>
public class SepalException : Exception
{
    /// <summary>Creates an error with no message of its own.</summary>
    public SepalException()
    {
    }

    /// <summary>Creates an error with a message.</summary>
    /// <param name="message">What was received, what was expected, and the fix.</param>
    public SepalException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error with a message and the error that caused it.</summary>
    /// <param name="message">What was received, what was expected, and the fix.</param>
    /// <param name="innerException">The cause.</param>
    public SepalException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
