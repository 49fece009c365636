namespace Sepal.Onnx;

/// <summary>An ONNX file that cannot be read or written: truncated, foreign, inconsistent, too large, or beyond what Sepal knows.</summary>
public class OnnxException : SepalException
{
    /// <summary>Creates an error with no message of its own.</summary>
    public OnnxException()
    {
    }

    /// <summary>Creates an error with a message.</summary>
    /// <param name="message">What was received, what was expected, and the fix.</param>
    public OnnxException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error with a message and the error that caused it.</summary>
    /// <param name="message">What was received, what was expected, and the fix.</param>
    /// <param name="innerException">The cause.</param>
    public OnnxException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
