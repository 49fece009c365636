namespace Sepal.Data;

/// <summary>
/// A data set that cannot be used: a file that is missing, damaged or of another kind, or files that do not belong
/// together. The message names the file, what was received, what was expected, and the fix.
/// </summary>
public class DataException : SepalException
{
    /// <summary>Creates an error with no message of its own.</summary>
    public DataException()
    {
    }

    /// <summary>Creates an error with a message.</summary>
    /// <param name="message">The file, what was received, what was expected, and the fix.</param>
    public DataException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error with a message and the error that caused it.</summary>
    /// <param name="message">The file, what was received, what was expected, and the fix.</param>
    /// <param name="innerException">The cause.</param>
    public DataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
